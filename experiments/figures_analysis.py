"""What decides, and phase maps, in figures and in words; both from tables that `sensitivity` and `phases` made."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from matplotlib.figure import Figure

from experiments.analysis import Asked
from experiments.page import EDGE, INK, INK_2, INK_3, RULE, S1, S2, S4, Look, Page, Side, looks
from experiments.phases import Flip, PhaseMap, flips
from experiments.sensitivity import FEWEST_BLOCKS, Ranking, deciders
from experiments.texts import Texts
from experiments.words import capital, listed, percent_or, policy_name, shown_per, tell_quantity
from model.parameters import Spec

UNDECIDED = "#F3F4F2"
ACCENT = "#17495C"
_MOST_ROWS = 14


def tell_what(asked: Asked, words: Texts) -> str:
    """What is analysed: outcome, ways of leading and date."""
    outcome, date = words(f"outcomes.{asked.outcome}.name"), words(f"ranking.plain_date.{asked.date}")
    if asked.less is None:
        return words("ranking.level", outcome=outcome, more=policy_name(asked.more, words), date=date)
    names = {"more": policy_name(asked.more, words), "less": policy_name(asked.less, words)}
    return words("ranking.difference", outcome=outcome, date=date, **names)


# --- what decides -----------------------------------------------------------------------------------------------------


def tell_ranking(ranking: Ranking, asked: Asked, words: Texts) -> list[str]:
    """Sentence, table, and how it was found."""
    name = {one: words(f"parameters.{one}.name") for one in ranking.names}
    strongest = [name[one] for one in deciders(ranking)]
    counts = {"blocks": ranking.blocks, "fewest": FEWEST_BLOCKS[ranking.method]}
    usual = "ranking.nothing" if not strongest else "ranking.decide_one" if len(strongest) == 1 else "ranking.decide"
    sentence = "ranking.too_few" if counts["blocks"] < counts["fewest"] else usual
    lines = [words("ranking.title", what=tell_what(asked, words)), words(sentence, names=listed(strongest, words), **counts)]
    rows = [words(f"ranking.head_{ranking.method}")]
    per = shown_per(asked.outcome) if ranking.method == "morris" else 1
    for row in ranking.plain()["parameters"]:
        figures = {key: words.number(row[key] * per, 2) for key in ("total", "low", "high", "first")}
        rows.append(
            words(
                "ranking.line", name=capital(name[row["parameter"]])[:58], note="" if row["resolved"] else words("ranking.note"), **figures
            )
        )
    lines.append("\n".join(rows))
    if ranking.method == "sobol":
        alone = float(np.clip(ranking.first, 0, None).sum())
        lines.append(words("ranking.together", sum=words.number(alone, 2), rest=words.number(max(0.0, 1 - alone), 2)))
    lines.append(words(f"ranking.design_{ranking.method}", points=ranking.points))
    if np.isfinite(ranking.within):
        lines.append(words("ranking.chance", share=words.number(100 * ranking.within)))
    return lines


def draw_ranking(ranking: Ranking, asked: Asked, words: Texts) -> Figure:
    """A bar with its interval for each parameter, the strongest first; pale where it cannot be told from no influence."""
    rows = ranking.plain()["parameters"][:_MOST_ROWS]
    per = shown_per(asked.outcome) if ranking.method == "morris" else 1
    page = Page(1600, 190 + 44 * len(rows))
    titles = page.balance(words("ranking.title", what=tell_what(asked, words)), 1460, S4, medium=True)
    top = page.write_lines(64, 60, titles, S4, INK, medium=True) + 14
    page.height = max(page.height, int(top) + 110 + 44 * len(rows))
    page.stretch(0)
    names = {row["parameter"]: capital(words(f"parameters.{row['parameter']}.name")) for row in rows}
    left = 84 + max(page.width_of(name) for name in names.values())
    most = max(max(row["high"], row["total"], abs(row["first"])) for row in rows) * per or 1.0
    low = min(0.0, *(row["low"] * per for row in rows), *(row["first"] * per for row in rows))
    scale = _Across(left, 1530, low, most)
    for tick in _ticks(low, most):
        page.line([scale(tick)] * 2, [top, top + 44 * len(rows)], RULE)
        page.write(scale(tick), top + 44 * len(rows) + 22, words.number(tick, 1 if most < 10 else 0), S1, side="center")
    for at, row in enumerate(rows):
        y = top + 44 * at + 22
        page.write(left - 16, y + 6, names[row["parameter"]], S2, INK, side="right")
        page.line([scale(0), scale(row["total"] * per)], [y, y], ACCENT if row["resolved"] else RULE, 16, solid_capstyle="butt")
        page.line([scale(row["low"] * per), scale(row["high"] * per)], [y, y], INK_3, 2, zorder=4)
        page.axes.plot([scale(row["first"] * per)], [y], "D", color="#FFFFFF", markeredgecolor=INK, markersize=6, zorder=6)
    page.write(left, top + 44 * len(rows) + 52, words(f"ranking.axis_{ranking.method}"), S1, INK_2)
    page.write(64, page.height - 14, words("general.thinking_tool"), S1, INK_2)
    return page.figure


class _Across:
    """Values to pixels."""

    def __init__(self, left: float, right: float, low: float, high: float) -> None:
        self.left, self.scale, self.low = left, (right - left) / (high - low), low

    def __call__(self, value: float) -> float:
        return self.left + (value - self.low) * self.scale


def _ticks(low: float, high: float) -> list[float]:
    step = 10.0 ** np.floor(np.log10(high - low))
    step = next(size * step for size in (0.1, 0.2, 0.25, 0.5, 1.0, 2.0) if (high - low) / (size * step) <= 7)
    return [float(tick) for tick in np.arange(np.ceil(low / step) * step, high + 1e-12, step)]


# --- phase maps -------------------------------------------------------------------------------------------------------


def tell_map(found: PhaseMap, words: Texts) -> list[str]:
    """Where it tips, who leads at how many points, and how many are undecided."""
    outcome, _, date = found.column.rpartition("_")
    title = words("phase.title", outcome=capital(words(f"outcomes.{outcome}.name")), date=words(f"ranking.plain_date.{date}"))
    more, less = _first_two(found)
    pair = words("phase.pair", more=policy_name(more, words), less=policy_name(less, words))
    lines = [title, "\n".join([pair, *("- " + _tell_flip(flip, found, words) for flip in flips(found, more, less))])]
    rows, points = [], len(found.led)
    for policy in found.policies:
        mine = [one for one in found.led if one.first == policy]
        decided = sum(one.decided for one in mine)
        rows.append(words("phase.led", policy=capital(policy_name(policy, words)), led=len(mine), points=points, decided=decided))
    undecided = sum(not one.decided for one in found.led)
    rows.append(words("phase.undecided", undecided=undecided, points=points, replicates=found.replicates))
    return [*lines, "\n".join("- " + row for row in rows)]


def _first_two(found: PhaseMap) -> tuple[str, str]:
    """The pair whose border is told: the two that lead at most points."""
    order = sorted(found.policies, key=lambda name: -sum(one.first == name for one in found.led))
    less, more = sorted(order[:2], key=found.policies.index)
    return more, less


def _tell_flip(flip: Flip, found: PhaseMap, words: Texts) -> str:
    spec, other = (found.across, found.up) if flip.parameter == found.across.name else (found.up, found.across)
    names = {"parameter": words(f"parameters.{spec.name}.name"), "other": words(f"parameters.{other.name}.name")}
    names |= {"below": policy_name(flip.below, words), "above": policy_name(flip.above, words)}
    counts = dict(zip(("sure_below", "sure_above", "points_below", "points_above"), (*flip.clear, *flip.points), strict=True))
    if flip.value is None:
        low, high = _span(spec.sweep, spec, words)
        return capital(words("phase.no_flip" if flip.decided else "phase.never_clear", low=low, high=high, **counts, **names))
    value = _quantity(flip.value, spec, words)
    if not flip.decided:
        return capital(words("phase.flip_unclear", value=value, **counts, **names))
    low, high = _span(flip.ends, spec, words)
    return capital(words("phase.flip", value=value, low=low, high=high, **names))


def _span(ends: Iterable[float | None], spec: Spec, words: Texts) -> tuple[str, str]:
    """Both ends of a span as figures, the second with its unit."""
    low, high = (percent_or(float(end or 0), spec.name, words, rounded=True) for end in ends)
    return low, _with_unit(high, spec, words)


def _quantity(value: float, spec: Spec, words: Texts) -> str:
    return _with_unit(percent_or(value, spec.name, words, rounded=True), spec, words)


def _with_unit(figure: str, spec: Spec, words: Texts) -> str:
    """A figure with its unit, without what stands in brackets to explain a scale."""
    return tell_quantity(figure, spec.name, words).partition(" (")[0]


def draw_map(found: PhaseMap, words: Texts) -> Figure:
    """The map: each place takes the colour of the way that leaves most at its nearest point, near white where that is undecided."""
    page, look = Page(1000, 860), looks(found.policies)
    outcome, _, date = found.column.rpartition("_")
    title = words("phase.title", outcome=capital(words(f"outcomes.{outcome}.name")), date=words(f"ranking.plain_date.{date}"))
    top = page.write_lines(64, 56, page.balance(title, 880, S4, medium=True), S4, INK, medium=True) + 44
    left, right, bottom = 190.0, 940.0, 700.0
    _paint(page, found, look, (left, top, right, bottom))
    _name_axes(page, found, words, (left, top, right, bottom))
    y = bottom + 84
    for policy in found.policies:
        page.box(left, y - 13, 16, 16, _deep(look[policy]))
        page.write(left + 26, y, words("phase.key", policy=capital(policy_name(policy, words))), S1, INK)
        y += 22
    page.box(left, y - 13, 16, 16, UNDECIDED)
    page.line([left, left + 16, left + 16, left, left], [y - 13, y - 13, y + 3, y + 3, y - 13], EDGE)
    page.write(left + 26, y, words("phase.key_undecided"), S1, INK)
    for line in page.wrap(words("phase.points", replicates=found.replicates) + " " + words("general.thinking_tool") + ".", 860, S1):
        y += 22
        page.write(64, y, line, S1)
    page.stretch(int(y + 24 - page.height))
    return page.figure


def _deep(look: Look) -> str:
    return look.colour


def _paint(page: Page, found: PhaseMap, look: dict[str, Look], box: tuple[float, float, float, float]) -> None:
    left, top, right, bottom = box
    side = 97
    across, up = np.meshgrid(np.linspace(0, 1, side), np.linspace(0, 1, side))
    near = np.argmin((across.ravel()[:, None] - found.at[:, 0]) ** 2 + (up.ravel()[:, None] - found.at[:, 1]) ** 2, axis=1)
    leads = np.array([one.lead["mean"] for one in found.led])
    most = max(float(np.quantile(leads, 0.9)), 1e-12)
    colours = np.array(
        [_shade(look[one.first].colour, min(1.0, one.lead["mean"] / most)) if one.decided else _rgb(UNDECIDED) for one in found.led]
    )
    page.axes.imshow(
        colours[near].reshape(side, side, 3),
        extent=(left, right, bottom, top),
        origin="lower",
        interpolation="nearest",
        aspect="auto",
        zorder=1,
    )
    page.axes.set_xlim(0, page.width)
    page.axes.set_ylim(page.height, 0)
    x, y = left + found.at[:, 0] * (right - left), bottom - found.at[:, 1] * (bottom - top)
    page.axes.plot(x, y, ".", color=INK, markersize=4, alpha=0.55, zorder=4)
    home = [_share(spec.default, spec.sweep, log=spec.log) for spec in (found.across, found.up)]
    if all(0 <= share <= 1 for share in home):
        page.axes.plot(
            [left + home[0] * (right - left)], [bottom - home[1] * (bottom - top)], "o", markersize=13, markerfacecolor="#FFFFFF",
            markeredgecolor=INK, markeredgewidth=2.4, zorder=8,
        )  # fmt: skip


def _share(value: float, sweep: tuple[float, float], *, log: bool) -> float:
    low, high = (np.log(end) for end in sweep) if log else sweep
    return float(((np.log(value) if log else value) - low) / (high - low))


def _rgb(colour: str) -> tuple[float, ...]:
    return tuple(int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))


def _shade(colour: str, strength: float) -> tuple[float, ...]:
    """A colour mixed with paper: pale for a small lead, full for a large one."""
    share = 0.3 + 0.7 * strength
    return tuple(share * part + (1 - share) * 0.98 for part in _rgb(colour))


def _name_axes(page: Page, found: PhaseMap, words: Texts, box: tuple[float, float, float, float]) -> None:
    left, top, right, bottom = box
    page.write(64, top - 14, capital(words(f"parameters.{found.up.name}.name")), S2, INK)
    page.write(right, bottom + 50, capital(words(f"parameters.{found.across.name}.name")), S2, INK, side="right")
    for spec, places in ((found.across, "x"), (found.up, "y")):
        for share in (0.0, 0.5, 1.0):
            told = percent_or(spec.at(share), spec.name, words, rounded=True)
            if places == "x":
                side: Side = "left" if share == 0 else "right" if share == 1 else "center"
                page.write(left + share * (right - left), bottom + 24, told, S1, side=side)
            else:
                page.write(
                    left - 10, bottom - share * (bottom - top) + (0 if share == 0 else 12 if share == 1 else 5), told, S1, side="right"
                )
