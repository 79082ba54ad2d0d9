"""Where a result comes from: versions, commit, platform, settings and command, written once beside it.

Names of people, machines and folders stay out: results are shared.
"""

from __future__ import annotations

import functools
import hashlib
import json
import os
import platform
import subprocess
import sys
from collections.abc import Mapping, Sequence
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any

PACKAGES = (
    "SALib", "distributed", "learnweave", "llvmlite", "matplotlib", "mesa", "networkx", "numba", "numpy", "pyarrow", "scipy", "solara",
)  # fmt: skip
"""Packages whose version is kept with a result."""

_ROOT = Path(__file__).resolve().parents[1]


def provenance(
    argv: Sequence[str], settings: Mapping[str, Any], *, started: datetime | None = None, finished: datetime | None = None
) -> dict[str, Any]:
    """Everything somebody needs to make a result again.

    Args:
        argv: the command as given; absolute paths in it are shortened.
        settings: the resolved settings (defaults filled in), of plain types.
        started, finished: times of the work, if the caller wants them kept; nothing here reads a clock.
    """
    times = {"started": started, "finished": finished}
    return {
        "argv": [_without_place(argument) for argument in argv],
        "settings": _without_places(settings),
        "model": source_digest(),
        "git": _git_state(),
        "packages": {name: _version(name) for name in PACKAGES},
        "python": platform.python_version(),
        "platform": {"system": platform.system(), "release": platform.release(), "machine": platform.machine()},
        **{name: time.isoformat(timespec="seconds") for name, time in times.items() if time is not None},
    }


@functools.cache
def source_digest() -> str:
    """Version of the model: a hash (16 hex digits) of the names and lines of its Python files, read once."""
    spec = find_spec("model")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("the package `model` cannot be found: install learnweave, or run in its folder")
    folder = Path(spec.origin).parent
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.py"), key=lambda path: path.relative_to(folder).as_posix()):
        lines = path.read_bytes().replace(b"\r\n", b"\n")
        digest.update(f"{path.relative_to(folder).as_posix()}\0{len(lines)}\0".encode())
        digest.update(lines)
    return digest.hexdigest()[:16]


def write_json(path: Path, data: Any) -> None:
    """Write `data` as readable JSON, whole or not at all.

    Raises:
        ValueError: if it holds a number that JSON does not know (nan, inf).
    """
    text = json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False)
    write_whole(path, f"{text}\n".encode())


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that a reader, or a power cut, meets the old one or the new one and never a part."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with temporary.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    settle(path.parent)


def settle(folder: Path) -> None:
    """Make renames inside `folder` survive a power cut."""
    if sys.platform == "win32":  # folders cannot be synchronised there
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@functools.cache
def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


def _git_state() -> dict[str, Any]:
    """Commit and whether tracked files differ from it; 'unknown' where the code is not a checkout of its own."""
    top = _git("rev-parse", "--show-toplevel")
    if top is None or Path(top).resolve() != _ROOT:  # installed, perhaps below somebody else's checkout
        return {"commit": "unknown", "dirty": "unknown"}
    return {"commit": _git("rev-parse", "HEAD") or "unknown", "dirty": bool(_git("status", "--porcelain", "--untracked-files=no"))}


def _git(*arguments: str) -> str | None:
    try:
        done = subprocess.run(["git", "-C", str(_ROOT), *arguments], capture_output=True, text=True, timeout=20, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip()


def _without_places(value: Any) -> Any:
    """The same data with every string cleaned by `_without_place`."""
    if isinstance(value, str):
        return _without_place(value)
    if isinstance(value, Path):
        return _without_place(str(value))
    if isinstance(value, Mapping):
        return {str(name): _without_places(inner) for name, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_without_places(inner) for inner in value]
    return value


def _without_place(text: str) -> str:
    """`text` without the folders of this computer: a path below the current folder becomes relative, another keeps its name."""
    option, equals, value = text.rpartition("=")
    if PurePosixPath(value).is_absolute() or PureWindowsPath(value).is_absolute():
        value = _short_path(value)
    home = str(Path.home())
    cleaned = f"{option}{equals}{value}"
    return cleaned.replace(home, "~") if len(home) > 1 else cleaned


def _short_path(text: str) -> str:
    path = Path(text)
    if path.is_relative_to(Path.cwd()):
        return path.relative_to(Path.cwd()).as_posix()
    return PureWindowsPath(text).name  # knows both kinds of slash
