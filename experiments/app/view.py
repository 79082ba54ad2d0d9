"""What every widget of the app has in common: a setting that changes seldom, a state, and a frame of bytes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import anywidget
import traitlets


class TabView(anywidget.AnyWidget):
    """A page in the browser.

    Attributes:
        setting: what changes seldom; state: what is shown now; frame: ties of the networks on it.
    """

    setting = traitlets.Dict().tag(sync=True)
    state = traitlets.Dict().tag(sync=True)
    frame = traitlets.Bytes(b"").tag(sync=True)

    def show(self, state: Mapping[str, Any], frame: bytes) -> None:
        """Put a week on the screen, words and picture at once."""
        with self.hold_sync():
            self.state = dict(state)
            self.frame = frame

    def set(self, setting: Mapping[str, Any]) -> None:
        """Put on the screen what changes seldom."""
        self.setting = dict(setting)
