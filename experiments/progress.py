"""A bar that says how far a sweep is, and how long it will honestly take."""

from __future__ import annotations

import sys
from typing import Any, Self

from tqdm import tqdm

SELDOM = 30.0
"""Seconds between lines where nobody watches a terminal: the log of a cluster job."""


class Bar:
    """Progress on standard error; call it with what is there and what is asked, and use it in a ``with`` block.

    Args:
        what: what is counted.
        stopping: what is said when somebody asks to stop.

    The remaining time is that of all runs of this sitting at their mean pace; what was there before does not count as fast work.
    """

    def __init__(self, what: str, stopping: str) -> None:
        self._what, self._stopping = what, stopping
        self._bar: Any = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.close()

    def __call__(self, have: int, asked: int) -> None:
        """Show that `have` of `asked` runs are there."""
        if self._bar is None:
            pause = 0.2 if sys.stderr.isatty() else SELDOM
            self._bar = tqdm(desc=self._what, total=asked, initial=have, smoothing=0, mininterval=pause, maxinterval=max(10.0, pause))
        self._bar.update(have - self._bar.n)

    def stopping(self) -> None:
        """Say that what has begun is being finished."""
        tqdm.write(self._stopping, file=sys.stderr)
