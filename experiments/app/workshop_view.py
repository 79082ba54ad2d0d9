"""What the browser shows of the workshop: one widget, whose module is the shared canvas, the picture of the network, and the slide."""

from __future__ import annotations

from experiments.app.explore_view import CANVAS, HERE, module
from experiments.app.view import TabView


class WorkshopView(TabView):
    """The workshop in the browser; `frame` holds the ties of this week as `twins.RECORD`s."""

    _esm = module(CANVAS, HERE / "pieces.js", HERE / "network_view.js", HERE / "workshop_parts.js", HERE / "workshop.js")
    _css = (HERE / "workshop.css").read_text(encoding="utf-8")

    def give(self, kind: str, name: str, content: str) -> None:
        """Give the browser a file to keep ("file"), or a page to open beside this one ("page")."""
        self.send({"give": kind, "name": name, "content": content})
