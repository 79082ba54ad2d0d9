"""What the browser shows of the workshop: one widget, whose module is the shared canvas, the picture of the network, and the slide."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import anywidget
import traitlets

from experiments.app.explore_view import CANVAS, HERE, module


class WorkshopView(anywidget.AnyWidget):
    """The workshop in the browser.

    Attributes:
        setting: words, cards and places of people; state: where the game is; frame: the ties of this week as `twins.RECORD`s.
    """

    _esm = module(CANVAS, HERE / "pieces.js", HERE / "network_view.js", HERE / "workshop_parts.js", HERE / "workshop.js")
    _css = (HERE / "workshop.css").read_text(encoding="utf-8")
    setting = traitlets.Dict().tag(sync=True)
    state = traitlets.Dict().tag(sync=True)
    frame = traitlets.Bytes(b"").tag(sync=True)

    def show(self, state: Mapping[str, Any], frame: bytes) -> None:
        """Put where the game is on the screen, words and picture at once."""
        with self.hold_sync():
            self.state = dict(state)
            self.frame = frame

    def set(self, setting: Mapping[str, Any]) -> None:
        """Put on the screen what changes seldom."""
        self.setting = dict(setting)

    def give(self, kind: str, name: str, content: str) -> None:
        """Give the browser a file to keep ("file"), or a page to open beside this one ("page")."""
        self.send({"give": kind, "name": name, "content": content})
