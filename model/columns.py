"""Records whose columns are read by name, as in `people.energy`."""

from __future__ import annotations

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
