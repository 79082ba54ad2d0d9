"""What all tests share.

Tests are flat: one file a subject. Each asserts something, draws nothing unseeded and needs no network. Mark one that takes
more than a few seconds `slow`, and one that needs Chromium `browser`.
"""

import os
from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).resolve().parents[1]

os.environ.setdefault("MPLBACKEND", "Agg")
settings.register_profile("house", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("house")


def pytest_configure() -> None:
    """Forget compiled kernels that are older than any of the model's sources.

    A kernel compiles those it calls into itself, but numba looks only at the file of the kernel itself: after a change
    elsewhere it would run old code.
    """
    newest = max(path.stat().st_mtime for path in (ROOT / "model").rglob("*.py"))
    for compiled in (ROOT / "model").rglob("__pycache__/*.nb[ic]"):
        try:
            if compiled.stat().st_mtime < newest:
                compiled.unlink()
        except FileNotFoundError:  # another process was faster
            continue


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of reference data beside the repository; tests that need it are skipped where it is not."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip(f"needs the reference data in {folder.relative_to(ROOT.parent)} beside the repository")
    return folder
