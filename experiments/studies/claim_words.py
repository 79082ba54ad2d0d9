"""The claims in words and figures: a verdict with its conditions, never a plain yes, on a page in each language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure

from experiments.page import EDGE, INK, INK_2, MARGIN, RULE, S1, S2, S3, Page, draw_heading
from experiments.provenance import source_digest, write_whole
from experiments.report import environment, fonts
from experiments.report_parts import drawing
from experiments.texts import LANGUAGES, Texts, texts
from experiments.words import Summary, capital, digits_for, listed, percent_or, policy_name, shown_per, span_of, tell_interval
from model.measures import MEASURES

CLAIMED, NO_MATTER, AGAINST = "#17495C", "#D8DEE2", "#B08A3E"
"""Worlds in which the difference is as claimed, too small to matter, or the other way round: neither red nor green."""
VERDICTS = ("holds", "holds_when", "does_not_show")
_PER = {"mixed_across": 10, "area": 10, "single_point": 100, "absent_gain": 100}
Found = Mapping[str, Any]
Context = dict[str, Any]


# --- names ------------------------------------------------------------------------------------------------------------


def way_name(way: str, words: Texts) -> str:
    """What a way of leading is called here; those that ship keep their name."""
    text_id = f"claims.ways.{way}"
    if way.endswith("@time"):
        return words("claims.at_time", way=way_name(way.removesuffix("@time"), words))
    return words(text_id) if text_id in words else policy_name(way, words)


def outcome_words(outcome: str, words: Texts) -> tuple[str, str]:
    """Name and unit of an outcome, those that only the claims have included."""
    place = "outcomes" if outcome in MEASURES else "claims.outcomes"
    return words(f"{place}.{outcome}.name"), words(f"{place}.{outcome}.unit")


def per_of(outcome: str) -> int:
    """What an outcome is multiplied by to be shown."""
    return _PER[outcome] if outcome in _PER else shown_per(outcome)


# --- one test in words ------------------------------------------------------------------------------------------------


def tell_test(test: Found, words: Texts) -> str:
    """A test as one line: what is claimed of which outcome, and the difference at the defaults."""
    name, unit = outcome_words(test["outcome"], words)
    form = "same" if test["same"] else "less" if test["sign"] < 0 else "more"
    return words(
        f"claims.test.{form}", more=way_name(test["more"], words), less=way_name(test["less"], words), outcome=name, unit=unit,
        date=words(f"claims.dates.{test['date']}"),
    )  # fmt: skip


def tell_difference(found: Found, test: Found, words: Texts) -> str:
    """A difference with its interval, in the unit in which it is shown, and what it shows."""
    per = per_of(test["outcome"])
    told = tell_interval(found, per, digits_for([span_of(found, per)]), words)
    return f"{told} {words('claims.shows.' + found['shows'])}"


def tell_worlds(found: Found, words: Texts) -> str:
    """In how many worlds it is as claimed, and in how many the other way round."""
    return words("claims.worlds", n=found["n"], count=found["for"], against=found["against"])


def tell_side(side: Found, words: Texts) -> str:
    """The half of the worlds in which a test shows more often."""
    name = side["parameter"]
    per = "%" if "{percent}" in words.templates.get(f"parameters.{name}.value", "") else ""
    value = percent_or(side["cut"], name, words, rounded=True) + per
    form = "above" if side["above"] else "below"
    return words(f"claims.sides.{form}", parameter=words(f"parameters.{name}.name"), value=value, count=side["for"], n=side["n"])


def tell_verdict(claim: Found, words: Texts) -> str:
    """The verdict with its conditions: where it shows, where it does not, and where the opposite shows."""
    name = words(f"claims.verdicts.{claim['verdict']}")
    parts = []
    if claim["shows_in"]:
        parts.append(words("claims.where", places=listed([setting_name(one, words) for one in claim["shows_in"]], words)))
    first = {one["parameter"]: one for test in reversed(claim["tests"]) for one in test["sides"][:1]}
    sides = [tell_side(one, words) for one in first.values()]
    if sides and claim["verdict"] != "holds":
        parts.append(words("claims.more_often", sides="; ".join(sides)))
    if claim["against_in"]:
        parts.append(words("claims.against", places=listed([setting_name(one, words) for one in claim["against_in"]], words)))
    if not parts:
        parts.append(words("claims.nowhere"))
    if len(claim["tests"]) > 1 and "defaults" not in claim["shows_in"]:
        shown = sum(test["defaults"]["shows"] == "claimed" for test in claim["tests"])
        parts.append(words("claims.parts", count=shown, total=len(claim["tests"])))
    counts = [test["worlds"]["for"] for test in claim["tests"] if test["worlds"]]
    if counts:
        n = claim["tests"][0]["worlds"]["n"]
        form = "one" if min(counts) == max(counts) else "range"
        parts.append(words(f"claims.over_worlds.{form}", low=min(counts), high=max(counts), n=n))
    return f"{name}. {' '.join(parts)}"


def setting_name(setting: str, words: Texts) -> str:
    """What a setting is called."""
    return words(f"claims.settings.{setting}")


# --- the README -------------------------------------------------------------------------------------------------------


def tell_claims(summary: Summary, words: Texts) -> list[str]:
    """What was done, and a line a claim with its verdict."""
    setup = words("claims.setup", replicates=summary["replicates"], worlds=summary["worlds"], each=summary["each"])
    lines = "\n".join(
        f"- **{words(f'claims.{name}.title')}** {tell_verdict(claim, words).replace('….', '…')}"
        for name, claim in summary["claims"].items()
    )
    return [setup, lines, words("claims.page", page=f"claims.{words.language}.html")]


# --- figures ----------------------------------------------------------------------------------------------------------


def draw_claims(summary: Summary, words: Texts) -> Figure:
    """Every deciding test of every claim across the worlds: as claimed, too small to matter, the other way round."""
    rows = [(name, test) for name, claim in summary["claims"].items() for test in claim["tests"] if test["worlds"]]
    page = Page(1600, 330 + 60 * len(rows) + 60 * len(summary["claims"]))
    sub = words("claims.overview", n=summary["worlds"])
    y = draw_heading(page, words("studies.claims.title"), [(sub, S2, INK_2)], words) + 26
    _draw_legend(page, y, words)
    y, before = y + 54, ""
    for name, test in rows:
        if name != before:
            y += 26
            page.write(MARGIN, y, words(f"claims.{name}.title"), S3, INK, medium=True)
            y, before = y + 34, name
        _draw_shares(page, y - 14, test["worlds"])
        y = page.write_lines(MARGIN, y, page.balance(capital(tell_test(test, words)), 940, S2), S2, INK_2) + 11
    page.stretch(int(y + 30 - page.height))
    return page.figure


def _draw_legend(page: Page, y: float, words: Texts) -> None:
    x = float(MARGIN)
    for colour, name in ((CLAIMED, "claimed"), (NO_MATTER, "no_matter"), (AGAINST, "other_way")):
        page.box(x, y - 14, 18, 18, colour)
        page.write(x + 26, y, words(f"claims.legend.{name}"), S2, INK_2)
        x += 56 + page.width_of(words(f"claims.legend.{name}"), S2)


def _draw_shares(page: Page, y: float, worlds: Found, left: float = 1040.0, width: float = 440.0) -> None:
    n, x = max(1, worlds["n"]), left
    for count, colour in ((worlds["for"], CLAIMED), (n - worlds["for"] - worlds["against"], NO_MATTER), (worlds["against"], AGAINST)):
        page.box(x, y, width * count / n, 20, colour)
        x += width * count / n
    page.line([left + width / 2] * 2, [y - 4, y + 24], INK, 1.2)
    page.write(left + width + 12, y + 16, f"{worlds['for']} / {n}", S2, INK, medium=True)


def draw_claim(claim: Found, words: Texts, width: int = 656) -> Figure:
    """The differences of one claim: a block a test, a row a place (defaults, settings, worlds), all in what is shown."""
    tests = claim["tests"]
    rows = sum(1 + len(list(_places(test))) for test in tests)
    page = Page(width, 34 + 30 * rows + 40 * len(tests))
    label = 14 + max(page.width_of(name, S1) for test in tests for name, _ in _named_places(test, words))
    y = 22.0
    for test in tests:
        lines = page.wrap(capital(tell_test(test, words)), width - 8, S2, medium=True)
        y = page.write_lines(4, y, lines, S2, INK, medium=True) + 2
        y = _draw_block(page, test, (label, y), words) + 24
    page.stretch(int(y - page.height))
    return page.figure


def _places(test: Found) -> Iterator[tuple[str, Found]]:
    yield "defaults", test["defaults"]
    yield from test["settings"].items()
    if test["worlds"]:
        yield "worlds", test["worlds"]


def _named_places(test: Found, words: Texts) -> list[tuple[str, Found]]:
    return [(setting_name(name, words), found) for name, found in _places(test)]


def _draw_block(page: Page, test: Found, at: tuple[float, float], words: Texts) -> float:
    """One test: a line of 95 % an its mean for each place, the band of worlds thin; returns where it ends."""
    left, y = at
    per, found = per_of(test["outcome"]), _named_places(test, words)
    spans = [_ends(name, one, per) for name, one in _places(test)]
    margin = test["margin"] * per
    low, high = min(-margin, *(low for low, _ in spans)) * 1.08, max(margin, *(high for _, high in spans)) * 1.08
    right = page.width - 84.0

    def x(value: float) -> float:
        return float(left + (value - low) / (high - low) * (right - left))

    page.box(x(-margin), y - 8, x(margin) - x(-margin), 30 * len(found), "#EDF2F3")
    page.line([x(0)] * 2, [y - 8, y - 8 + 30 * len(found)], INK, 1.2, zorder=1)
    digits = digits_for(spans)
    for (name, one), (start, end), (place, _) in zip(found, spans, _places(test), strict=True):
        page.write(left - 10, y + 12, name, S1, INK_2, side="right")
        thin = place == "worlds"
        page.line([x(start), x(end)], [y + 7] * 2, INK_2 if thin else CLAIMED, 1.6 if thin else 4, zorder=3)
        page.axes.plot([x(one["mean"] * per)], [y + 7], marker="o", markersize=5 if thin else 7, color=INK_2 if thin else CLAIMED, zorder=4)
        page.write(page.width - 4, y + 12, words.signed(one["mean"] * per, digits), S1, INK, medium=True, side="right")
        y += 30
    page.line([left, right], [y - 6] * 2, RULE, 1)
    for value in (low / 1.08, 0.0, high / 1.08):
        page.write(x(value), y + 12, words.signed(value, digits), S1, EDGE if value else INK_2, side="center")
    return y + 22


def _ends(place: str, found: Found, per: int) -> tuple[float, float]:
    names = ("band_low", "band_high") if place == "worlds" else ("low", "high")
    return span_of(found, per, *names)


# --- the page ---------------------------------------------------------------------------------------------------------


def write_pages(summary: Summary, folder: Path) -> list[Path]:
    """The verdicts as one page in each language, with a link to the other."""
    written = []
    for language in LANGUAGES:
        path = folder / f"claims.{language}.html"
        write_whole(path, render(summary, texts(language)).encode())
        written.append(path)
    return written


def render(summary: Summary, words: Texts) -> str:
    """The page of the claims."""
    claims = [_claim(name, claim, summary, words) for name, claim in summary["claims"].items()]
    counts = [(words(f"claims.verdicts.{one}"), one, sum(claim["verdict"] == one for claim in claims)) for one in VERDICTS]
    context = {
        "lang": words.language, "say": words, "fonts": fonts(), "others": {other: f"claims.{other}.html" for other in LANGUAGES},
        "title": words("studies.claims.title"), "question": words("studies.claims.question"), "claims": claims, "counts": counts,
        "setup": words("claims.setup", replicates=summary["replicates"], worlds=summary["worlds"], each=summary["each"]),
        "made": words("claims.made", runs=words.number(summary["runs"]), seconds=words.number(summary["seconds"]), digest=source_digest()),
    }  # fmt: skip
    return environment().get_template("claims.html").render(context)


def _claim(name: str, claim: Found, summary: Summary, words: Texts) -> Context:
    ways = dict.fromkeys(way for test in (*claim["tests"], *claim["beside"]) for way in (test["more"], test["less"]))
    hours = summary["hours"]
    alt = "; ".join(f"{tell_test(test, words)}: {tell_difference(test['defaults'], test, words)}" for test in claim["tests"])
    return {
        "id": name, "number": name if name.startswith("C") else "", "title": words(f"claims.{name}.title"),
        "says": words(f"claims.{name}.says"),
        "how": words(f"claims.{name}.how"), "falsifier": words(f"claims.{name}.falsifier"), "limits": words(f"claims.{name}.limits"),
        "verdict": claim["verdict"], "word": words(f"claims.verdicts.{claim['verdict']}"),
        "conditions": tell_verdict(claim, words).partition(". ")[2],
        "figure": drawing(alt, draw_claim(claim, words), draw_claim(claim, words, 350)),
        "worlds": [f"{capital(tell_test(test, words))}: {tell_worlds(test['worlds'], words)}" for test in claim["tests"] if test["worlds"]],
        "goes_with": list(dict.fromkeys(tell_side(one, words) for test in claim["tests"] for one in test["goes_with"])),
        "beside": [(capital(tell_test(test, words)), tell_difference(test["defaults"], test, words)) for test in claim["beside"]],
        "hours": [(capital(way_name(way, words)), *(words.number(hours[way][who]) for who in ("leader", "teacher"))) for way in ways],
    }  # fmt: skip


def names_needed(claims: Sequence[str]) -> list[str]:
    """Ids of the texts that claims need, for a check that none is missing."""
    return [f"claims.{claim}.{part}" for claim in claims for part in ("title", "says", "how", "falsifier", "limits")]
