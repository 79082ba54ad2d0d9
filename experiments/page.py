"""How figures look and are kept: a page measured in pixels from its top left, as on a projector of 1600 by 900.

Colours, shapes, type and lines are the same everywhere: light fills with a dark outline for people, dark colours with a marker for ways
of leading, green only for what is new.
"""

from __future__ import annotations

import functools
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.path import Path as Shape
from matplotlib.text import Text
from numpy.typing import NDArray

from experiments.texts import Texts

Points = NDArray[np.float64]
Side = Literal["left", "center", "right"]

INK, INK_2, INK_3 = "#1B2733", "#485561", "#5F6B76"
PAPER, WASH, RULE, EDGE = "#FBFCFB", "#EDF2F3", "#D8DEE2", "#808E98"
S1, S2, S3, S4, S5, S7 = 14, 17, 20, 24, 29, 42
"""The type scale, in pixels."""
MARGIN = 64
DPI = 100
_FONTS = Path(__file__).parent / "fonts"
_SALT = "learnweave"


# --- ways of leading --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Look:
    """How a way of leading is drawn: always marker and colour, and words beside it.

    Attributes:
        colour: of lines and markers, 3:1 or more on the page.
        text: the same, dark enough for words.
        marker: outline of the marker around (0, 0), about 1 to each side.
    """

    colour: str
    text: str
    marker: Shape


def _polygon(*corners: tuple[float, float]) -> Shape:
    return Shape([*corners, corners[0]], closed=True)


SQUARE = _polygon((-1, -1), (1, -1), (1, 1), (-1, 1))
TRIANGLE = _polygon((0, -1.25), (1.2, 0.9), (-1.2, 0.9))
DISC = Shape.unit_circle()
DIAMOND = _polygon((0, -1.4), (1.4, 0), (0, 1.4), (-1.4, 0))
HEXAGON = _polygon(*((float(np.cos(a)) * 1.15, float(np.sin(a)) * 1.15) for a in np.arange(6) * np.pi / 3))
_DOWN = _polygon((0, 1.25), (1.2, -0.9), (-1.2, -0.9))

LOOKS: Mapping[str, Look] = {
    "strong_pull": Look("#0072B2", "#005A8E", SQUARE),
    "nurtured": Look("#1B2733", "#1B2733", TRIANGLE),
    "on_its_own": Look("#B0568A", "#8E3F6C", DISC),
    "time_freed": Look("#8A6D00", "#6E5700", DIAMOND),
}
"""The look of the ways of leading that have one of their own."""
_OTHERS = (
    Look("#5B4FA0", "#4A3F8C", HEXAGON),
    Look("#3B8391", "#2A6674", _DOWN),
    Look("#7D5A3C", "#6B4A2E", SQUARE),
    Look("#6B7883", "#53606B", DIAMOND),
    Look("#4A7FC1", "#2F64A6", TRIANGLE),
    Look("#A6559D", "#87407F", HEXAGON),
)


def looks(policies: Sequence[str]) -> dict[str, Look]:
    """The look of each way of leading; those without one of their own get one by their order."""
    others = [policy for policy in policies if policy not in LOOKS]
    return {policy: LOOKS.get(policy) or _OTHERS[others.index(policy) % len(_OTHERS)] for policy in policies}


# --- a page -----------------------------------------------------------------------------------------------------------


@functools.cache
def _font(size: float, medium: bool) -> FontProperties:
    """Roboto where it comes with the program, else the font that comes with matplotlib: never one that only some machines have."""
    own = _FONTS / f"Roboto-{'Medium' if medium else 'Regular'}.ttf"
    points = size * 72 / DPI
    if own.exists():
        return FontProperties(fname=str(own), family="Roboto", weight=500 if medium else 400, size=points)
    return FontProperties(family="DejaVu Sans", weight="bold" if medium else "normal", size=points * 0.94)


class Page:
    """A figure measured in pixels from the top left.

    Attributes:
        figure: what is drawn on.
        axes: one pair of axes over the whole page, a pixel a unit, y downwards.
    """

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = width, height
        self.figure = Figure(figsize=(width / DPI, height / DPI), dpi=DPI, facecolor=PAPER)
        self._renderer = FigureCanvasAgg(self.figure).get_renderer()  # type: ignore[no-untyped-call]
        self.axes: Axes = self.figure.add_axes((0, 0, 1, 1))
        self.axes.set_axis_off()
        self.axes.set_xlim(0, width)
        self.axes.set_ylim(height, 0)
        self.axes.set_autoscale_on(False)

    def stretch(self, extra: int) -> None:
        """Make the page `extra` pixels higher, at its foot."""
        self.height += extra
        self.figure.set_size_inches(self.width / DPI, self.height / DPI)
        self.axes.set_ylim(self.height, 0)

    def write(
        self, x: float, y: float, text: str, size: float = S2, colour: str = INK_2, *, medium: bool = False, side: Side = "left"
    ) -> None:
        """Text with its baseline at `y`; `side` is the side of the text that lies at `x`."""
        self.axes.text(x, y, text, color=colour, fontproperties=_font(size, medium), ha=side, va="baseline", parse_math=False, zorder=9)

    def width_of(self, text: str, size: float = S2, *, medium: bool = False) -> float:
        """Width of a line of text in pixels."""
        return float(self._renderer.get_text_width_height_descent(text, _font(size, medium), ismath=False)[0])

    def wrap(self, text: str, width: float, size: float = S2, *, medium: bool = False) -> list[str]:
        """The text in lines of at most `width` pixels, a longer word apart."""
        lines = [""]
        for word in text.split():
            longer = f"{lines[-1]} {word}".strip()
            fits = not lines[-1] or self.width_of(longer, size, medium=medium) <= width
            lines = [*lines[:-1], longer] if fits else [*lines, word]
        return lines

    def balance(self, text: str, width: float, size: float = S2, *, medium: bool = False) -> list[str]:
        """The text in as few lines of at most `width` pixels as it takes, about equally long."""
        lines = self.wrap(text, width, size, medium=medium)
        for share in np.arange(0.95, 0.5, -0.05):
            narrower = self.wrap(text, width * float(share), size, medium=medium)
            if len(narrower) > len(lines):
                break
            lines = narrower
        return lines

    def write_lines(
        self, x: float, y: float, lines: Sequence[str], size: float = S2, colour: str = INK_2, *, medium: bool = False
    ) -> float:
        """Lines of text below each other, the first at `y`; returns where the next would be."""
        for line in lines:
            self.write(x, y, line, size, colour, medium=medium)
            y += round(size * 1.38)
        return y

    def line(self, x: Any, y: Any, colour: str = RULE, width: float = 1.0, zorder: float = 2, **how: Any) -> None:
        """A line through points, `width` pixels wide."""
        how = {"solid_capstyle": "round", "solid_joinstyle": "round"} | how
        self.axes.plot(x, y, color=colour, linewidth=width * 72 / DPI, zorder=zorder, **how)

    def box(self, x: float, y: float, width: float, height: float, colour: str) -> None:
        """A filled rectangle behind everything."""
        self.axes.fill([x, x + width, x + width, x], [y, y, y + height, y + height], color=colour, linewidth=0, zorder=0)

    def mark(self, x: Any, y: Any, look: Look, radius: float) -> None:
        """Markers of a way of leading, with a light edge so that they part from their line."""
        self.shapes(x, y, look.marker, radius, look.colour, edge=PAPER, width=1.5, zorder=6)

    def shapes(self, x: Any, y: Any, shape: Shape, radius: float, fill: str, *, edge: str, width: float, zorder: float) -> None:
        """The same shape at many points."""
        corners = np.asarray(shape.vertices, np.float64)
        upright = Shape(corners * (1, -1), shape.codes)
        largest = float(np.abs(corners).max())
        self.axes.plot(
            x, y, linestyle="none", marker=upright, markersize=2 * radius * largest * 72 / DPI, markerfacecolor=fill,
            markeredgecolor=edge, markeredgewidth=width * 72 / DPI, zorder=zorder,
        )  # fmt: skip


def draw_heading(page: Page, title: str, paragraphs: Sequence[tuple[str, float, str]], texts: Texts) -> float:
    """Title, then paragraphs of (text, size, colour), and at the right that it is a thinking tool; returns where they end."""
    page.write(page.width - MARGIN, 52, texts("general.thinking_tool"), S2, INK, medium=True, side="right")
    note = page.width_of(texts("general.thinking_tool"), S2, medium=True)
    y = page.write_lines(MARGIN, 76, page.wrap(title, page.width - 2 * MARGIN - note - 40, S7, medium=True), S7, INK, medium=True) - 14
    for text, size, colour in paragraphs:
        y = page.write_lines(MARGIN, y, page.balance(text, page.width - 2 * MARGIN, size), size, colour) + 4
    return y


# --- keeping ----------------------------------------------------------------------------------------------------------


def save(figure: Figure, path: Path | str) -> None:
    """Write a figure as SVG or PNG, by the ending of `path`; the same figure gives the same bytes.

    Raises:
        ValueError: for another ending.
    """
    path = Path(path)
    kind = path.suffix.lower().removeprefix(".")
    if kind not in ("svg", "png"):
        raise ValueError(f"{path.name}: must end in .svg or .png")
    metadata = {"Date": None, "Creator": None} if kind == "svg" else {"Software": None}
    _write_in_our_font(figure)
    content = io.BytesIO()
    with mpl.rc_context({"svg.hashsalt": _SALT, "svg.fonttype": "path", "path.simplify": False}):
        figure.savefig(content, format=kind, dpi=DPI, facecolor=PAPER, metadata=metadata)
    unfinished = path.with_name(path.name + ".unfinished")
    unfinished.write_bytes(content.getvalue())
    unfinished.replace(path)


def _write_in_our_font(figure: Figure) -> None:
    """Give words that were written in matplotlib's own font the font of the project, at the same size and weight."""
    for text in figure.findobj(Text):
        if text.get_fontname() == "DejaVu Sans" and (_FONTS / "Roboto-Regular.ttf").exists():
            medium = text.get_fontweight() in ("bold", "medium", "semibold", 500, 600, 700)
            size = float(text.get_fontsize())
            text.set_fontproperties(_font(size * DPI / 72, medium))


def to_svg(figure: Figure) -> str:
    """A figure as an SVG element for a page that brings Roboto: text stays text, and the width is that of its place.

    Coordinates keep one decimal (a tenth of a pixel), and names that nothing refers to are left out, so that many fit on one page.
    """
    content = io.StringIO()
    with mpl.rc_context({"svg.hashsalt": _SALT, "svg.fonttype": "none", "path.simplify": False}):
        figure.savefig(content, format="svg", dpi=DPI, facecolor="none", metadata={"Date": None, "Creator": None})
    svg = content.getvalue()
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg, count=1, flags=re.DOTALL)
    svg = re.sub(r'<svg [^>]*?viewBox="([^"]*)"[^>]*>', r'<svg viewBox="\1" aria-hidden="true">', svg, count=1)
    used = set(re.findall(r"#([\w-]+)", svg))
    svg = re.sub(r' id="([\w-]+)"', lambda found: found[0] if found[1] in used else "", svg)
    svg = re.sub(r"-?\d+\.\d{2,}", lambda found: f"{float(found[0]):.1f}".removesuffix(".0"), svg)
    return re.sub(r"\n\s*", "\n", svg)
