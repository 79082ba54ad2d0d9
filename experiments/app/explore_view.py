"""What the browser shows of Explore: one widget, whose module is the shared canvas, the view that zooms and clicks, and the page."""

from __future__ import annotations

from pathlib import Path

from experiments.app.view import TabView

HERE = Path(__file__).parent
CANVAS = HERE.parent / "network_canvas.js"


def module(*files: Path) -> str:
    """JavaScript files joined to one module; the last one exports `render`."""
    return "\n".join(file.read_text(encoding="utf-8") for file in files)


class ExploreView(TabView):
    """The page Explore; `frame` holds for each of both worlds its number of bytes (four, little-endian) and `twins.RECORD`s."""

    _esm = module(CANVAS, HERE / "pieces.js", HERE / "network_view.js", HERE / "explore.js")
    _css = (HERE / "explore.css").read_text(encoding="utf-8")
