"""A comparison in one file to send on: its pages, every run as CSV, what was asked, and a hash of each."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pyarrow.csv as pa_csv

from experiments.provenance import write_whole
from experiments.store import read_runs

_FIRST_DAY = (1980, 1, 1, 0, 0, 0)
"""Time of every file in the archive: the same content gives the same bytes."""


def write_bundle(folder: Path, pages: list[Path], out: Path | None = None) -> Path:
    """Put pages, runs and settings of a folder of results into one archive, with `SHA256SUMS`.

    Returns:
        The archive: `NAME.zip` in the folder, unless `out` says otherwise.

    Raises:
        StoreError: where the folder has no runs.
    """
    files = {page.name: page.read_bytes() for page in pages}
    for name in ("summary.json", "provenance.json", "sweep.json"):
        if (folder / name).is_file():
            files[name] = (folder / name).read_bytes()
    table = io.BytesIO()
    pa_csv.write_csv(read_runs(folder), table)
    files["runs.csv"] = table.getvalue()
    path = out or folder / f"{folder.name}.zip"
    write_whole(path, zipped(files | {"SHA256SUMS": checksums(files)}))
    return path


def checksums(files: Mapping[str, bytes]) -> bytes:
    """A line a file, as `sha256sum --check` reads them."""
    return "".join(f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in sorted(files.items())).encode()


def zipped(files: Mapping[str, bytes]) -> bytes:
    """Files as an archive; the same files give the same bytes."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in sorted(files.items()):
            target.writestr(zipfile.ZipInfo(name, _FIRST_DAY), content, zipfile.ZIP_DEFLATED)
    return archive.getvalue()
