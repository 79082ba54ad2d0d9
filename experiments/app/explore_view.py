"""What the browser shows of Explore: one widget, whose module is the shared canvas, the view that zooms and clicks, and the page."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import anywidget
import traitlets

HERE = Path(__file__).parent
CANVAS = HERE.parent / "network_canvas.js"


def module(*files: Path) -> str:
    """JavaScript files joined to one module; the last one exports `render`."""
    return "\n".join(file.read_text(encoding="utf-8") for file in files)


class ExploreView(anywidget.AnyWidget):
    """The page Explore in the browser.

    Attributes:
        setting: what changes seldom; state: the week that is shown; frame: the ties of both worlds, for each its number of bytes (four,
            little-endian) and `twins.RECORD`s.
    """

    _esm = module(CANVAS, HERE / "pieces.js", HERE / "network_view.js", HERE / "explore.js")
    _css = (HERE / "explore.css").read_text(encoding="utf-8")
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
