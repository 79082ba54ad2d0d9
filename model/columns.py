"""Records whose columns are read by name, as in `people.energy`, and single records, as in `constants.rate`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np


class Columns(np.recarray[Any, Any]):
    """A record array that remembers the columns it has shown.

    numpy's own makes a column anew each time somebody asks for it, which takes as long as a small kernel. What is remembered
    belongs to this array alone: copies and pickles start afresh.
    """

    def __getattribute__(self, name: str) -> Any:
        shown = object.__getattribute__(self, "__dict__")
        if name in shown:
            return shown[name]
        found = super().__getattribute__(name)
        if name in (np.ndarray.__getattribute__(self, "dtype").names or ()):
            shown[name] = found
        return found

    def __setattr__(self, name: str, value: Any) -> None:
        if name in (np.ndarray.__getattribute__(self, "dtype").names or ()):
            self[name] = value
        else:
            super().__setattr__(name, value)


def empty_columns(rows: int, kind: np.dtype[np.void]) -> Columns:
    """Records of a kind, all 0."""
    return np.zeros(rows, kind).view(np.dtype((np.record, kind))).view(Columns)


class Single(np.record):  # type: ignore[misc] # final for type checkers only
    """One record of numbers that never change; it remembers what it has shown.

    Kernels ask for the bytes of a record (`data`); numpy's own then describes every field anew, at each call of a kernel.
    """

    def __getattribute__(self, name: str) -> Any:
        shown = np.void.__getattribute__(self, "__dict__")
        if name in shown:
            return shown[name]
        found = memoryview(self.tobytes()) if name == "data" else super().__getattribute__(name)
        if name == "data" or name in (np.void.__getattribute__(self, "dtype").names or ()):
            shown[name] = found
        return found

    def __reduce__(self) -> tuple[Any, ...]:
        """What is remembered belongs to this record alone: copies and pickles start afresh."""
        return _read_record, (np.void.__getattribute__(self, "dtype").descr, self.tobytes())


def one_record(fields: Mapping[str, float]) -> Single:
    """Numbers by name as one record of float64."""
    return _read_record([(name, "<f8") for name in fields], np.array(list(fields.values()), "<f8").tobytes())


def _read_record(descr: list[tuple[str, str]], content: bytes) -> Single:
    record: Single = np.frombuffer(content, np.dtype((Single, descr)))[0]
    return record
