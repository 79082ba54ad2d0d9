"""The parts of a page with one comparison: each from what was found to words and figures, as plain values for the template."""

from __future__ import annotations

import base64
import csv
import io
import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup
from matplotlib.figure import Figure

from experiments.compare import OWN_GROWTH
from experiments.figures import describe_lines
from experiments.figures_report import draw_course, draw_differences, draw_load, draw_marks, draw_network_alone, draw_tipping
from experiments.network_picture import describe_before_after, lines_at_dates
from experiments.page import looks, to_svg
from experiments.reading import Findings
from experiments.texts import Texts
from experiments.tipping import (
    NORMAL_95,
    TippingMap,
    carried_by_group,
    map_tipping,
    pairs_to_settle,
    share_interval,
    worlds_to_settle,
)
from experiments.words import (
    SCHOOL_YEAR,
    Summary,
    answer,
    assumptions,
    at_equal_teacher_hours,
    capital,
    date_name,
    digits_for,
    exact,
    extent,
    headline,
    is_unclear,
    listed,
    number,
    outcome_name,
    policy_name,
    second_answer,
    shown_per,
    significant,
    span_of,
    tell_decider,
    tell_interval,
    told_outcomes,
)
from model.parameters import SPECS, Spec
from model.people import PERIOD
from model.region import Region

WIDE, HALF, PHONE = 656, 560, 350
"""Widths at which figures are drawn: in seven columns of twelve, in six, and on a phone."""
SIDE = 462
MOST_NETWORKS, MOST_PAIRS, MOST_ASSUMED = 3, 4, 11
_MUCH_MORE = 1.25
"""Times the hours of a teacher from which the work is said to fall to coaches."""
_UNSETTLED = 20
"""Times as many runs beyond which one may as well say that no number of runs would tell."""


Networks = Mapping[str, Mapping[str, Mapping[str, Any]]]
Context = dict[str, Any]


# --- figures on a page ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Drawing:
    """A figure at one or two widths, with what it shows in words."""

    alt: str
    wide: Markup
    narrow: Markup | None = None
    width: int = 0


def drawing(alt: str, wide: Figure, narrow: Figure | None = None) -> Drawing:
    """A figure as it stands on the page: SVG that we made ourselves, so that it need not be escaped again."""
    width = round(wide.get_figwidth() * wide.get_dpi())
    return Drawing(alt, Markup(to_svg(wide)), None if narrow is None else Markup(to_svg(narrow)), width)


# --- question and answer ----------------------------------------------------------------------------------------------


def hero(summary: Summary, words: Texts) -> Context:
    """The answer in one sentence with its chance made heavy, a hundred marks, and how firm it is."""
    found = headline(summary)
    marks, captions = None, []
    if found is not None and found["worlds"] and found["worlds"]["n"] > 1:
        worlds = found["worlds"]
        names = {side: policy_name(found[side], words) for side in ("more", "less")}
        captions = [words("report.marks.more", count=worlds["above"], policy=names["more"])]
        captions += [words("report.marks.equal", count=worlds["equal"])] if worlds["equal"] else []
        captions += [words("report.marks.more", count=worlds["below"], policy=names["less"])]
        alt = words("report.marks.alt", n=worlds["n"], told="; ".join(captions))
        marks = drawing(alt, draw_marks(found, summary))
    return {
        "answer": split_chance(answer(summary, words)),
        "second": second_answer(summary, words),
        "colleagues": at_equal_teacher_hours(summary, words),
        "brackets": words("answer.brackets") if summary["differences"] else "",
        "marks": marks,
        "captions": captions,
        "firm": list(firmness(summary, words)),
    }


def split_chance(sentence: str) -> list[tuple[str, bool]]:
    """The sentence in parts, the first chance in it ("68 van de 100") marked."""
    found = re.search(r"\d+ (?:van de|of the) \d+", sentence)
    if not found:
        return [(sentence, False)]
    return [(sentence[: found.start()], False), (found[0], True), (sentence[found.end() :], False)]


def firmness(summary: Summary, words: Texts) -> Iterator[str]:
    """How many more runs would change the answer, in words: of the count of worlds, and of the difference at the defaults."""
    found = headline(summary)
    if found is None:
        return
    worlds, defaults = found["worlds"], found["defaults"]
    if worlds and worlds["n"] > 1:
        above = worlds["above"] + worlds["equal"] / 2
        low, high = (round(worlds["n"] * end) for end in share_interval(worlds["above"], worlds["n"], NORMAL_95))
        yield words("report.firm.again", n=worlds["n"], low=low, high=high)
        low, high = share_interval(above, worlds["n"], NORMAL_95)
        if low > 0.5 or high < 0.5:
            yield words("report.firm.majority")
        else:
            yield _more_needed("worlds", worlds_to_settle(above, worlds["n"]), worlds["n"], words)
    if defaults["n"] > 1:
        needed = pairs_to_settle(defaults)
        if is_unclear(defaults):
            yield _more_needed("pairs", needed, defaults["n"], words)
        else:
            yield words("report.firm.sign", few=_about(max(2.0, needed), words), n=words.number(defaults["n"]))


def _more_needed(what: str, needed: float, have: float, words: Texts) -> str:
    if needed > _UNSETTLED * have:
        return words(f"report.firm.{what}_never", n=words.number(have))
    return words(f"report.firm.{what}_more", needed=_about(needed, words), n=words.number(have))


def _about(value: float, words: Texts) -> str:
    """A number of runs, rounded up to two figures."""
    size = 10 ** max(0, math.floor(math.log10(max(value, 1))) - 1)
    return words.number(math.ceil(value / size) * size)


# --- ways of leading, costs beside benefits ---------------------------------------------------------------------------


def ways_of_leading(findings: Findings, words: Texts) -> Context:
    """Each way of leading with what it leaves and what it cost, in one order, without ranking."""
    summary = findings.summary
    look = looks(summary["policies"])
    cards = [
        {
            "name": capital(policy_name(policy, words)),
            "colour": look[policy].colour,
            "mark": Markup(marker(look[policy])),
            "explain": words(f"policies.{policy}.explain") if f"policies.{policy}.explain" in words else "",
            "facts": list(_facts(findings, policy, words)),
        }
        for policy in summary["policies"]
    ]
    same = words("report.ways.same", weeks=summary["lead_weeks"])
    when = date_name(summary["dates"][-1], summary, words)
    return {
        "count": len(cards),
        "sub": f"{extent(summary, words)} {same} {words('report.ways.when', date=when)}",
        "cards": cards,
        "hours": list(_tell_hours(summary, words)),
    }


def marker(look: Any) -> str:
    """The marker of a way of leading as a small SVG element."""
    corners = look.marker.vertices if len(look.marker.vertices) < 12 else None
    if corners is None:
        shape = f'<circle cx="10" cy="10" r="7" fill="{look.colour}"/>'
    else:
        points = " ".join(f"{10 + 6.4 * x:.1f},{10 + 6.4 * y:.1f}" for x, y in corners)
        shape = f'<polygon points="{points}" fill="{look.colour}"/>'
    return f'<svg class="mark" width="20" height="20" viewBox="0 0 20 20" aria-hidden="true">{shape}</svg>'


def _facts(findings: Findings, policy: str, words: Texts) -> Iterator[tuple[str, str, str]]:
    """What one way of leading leaves and costs: label, value, and its range or whole."""
    summary = findings.summary
    date, levels = summary["dates"][-1], summary["levels"][policy]
    first = summary["outcomes"][0]
    per = shown_per(first)
    digits = digits_for([span_of(levels[first][date], per)])
    low, high = span_of(levels[first][date], per)
    value = words.number(number(levels[first][date]["mean"]) * per, digits)
    yield (
        words("report.ways.headline", outcome=words(f"outcomes.{first}.name"), unit=words(f"outcomes.{first}.unit")),
        value,
        (f"({words.range(low, high, digits)})" if low < high else ""),
    )
    if "nobody" in levels:
        alone = number(levels["nobody"][date]["mean"]) * summary["people"]
        yield words("outcomes.nobody.name"), _few(alone, words), words("report.ways.of", people=words.number(summary["people"]))
    hours = summary["hours"][policy]
    yield words("report.ways.leader"), words.number(number(hours["leader"])), ""
    yield words("report.ways.teacher"), words.number(number(hours["teacher"])), ""
    price = (summary.get("prices") or {}).get(policy)
    if summary.get("prices"):
        spent = number(summary["hours"][policy]["leader"]) > 0
        yield words("report.ways.price"), *(_price(price["leader"], words) if price and spent else ("–", ""))


def _few(value: float, words: Texts) -> str:
    """A number of people: whole, and "fewer than 1" where it would round to none but is not."""
    return words("report.ways.fewer_than_one") if 0 < value < 0.5 else words.number(value)


def _price(price: Mapping[str, float | None], words: Texts) -> tuple[str, str]:
    """Hours for each tie more than by own growth; unknown where it may be that none was won."""
    if price["mean"] is None:
        return "–", words("report.ways.no_gain")
    low = significant(number(price["low"]), words)
    if price["high"] is None:
        return words("report.ways.at_least", hours=low), ""
    return significant(price["mean"], words), f"({low} {words('report.to')} {significant(price['high'], words)})"


def _tell_hours(summary: Summary, words: Texts) -> Iterator[str]:
    """Whether leaders spent equal hours, and whether colleagues did."""
    equal = summary["equal_hours"]
    if len(equal["policies"]) > 1:
        names = listed([policy_name(policy, words) for policy in equal["policies"]], words)
        difference = significant(100 * number(equal["difference"]), words)
        part = "teacher_hours" if equal.get("of") == "teacher" else "hours"
        yield words(f"{part}.{'equal' if equal['equal'] else 'unequal'}", policies=names, difference=difference)
        spent = [number(summary["hours"][policy]["teacher"]) for policy in equal["policies"]]
        if max(spent) - min(spent) > 0.02 * max(spent):
            yield words("report.ways.teacher_unequal")
    if summary.get("prices"):
        yield words("report.ways.price_explain", own=policy_name(OWN_GROWTH, words))


# --- lines and differences --------------------------------------------------------------------------------------------


def course(findings: Findings, words: Texts) -> Context:
    """The first outcome week by week; nothing where its weeks were not kept."""
    summary = findings.summary
    first = summary["outcomes"][0]
    if first not in findings.lines:
        return {"figure": None, "sub": ""}
    alone = {**summary, "outcomes": [first]}
    figures = (draw_course(findings.lines, first, alone, words, width) for width in (WIDE, PHONE))
    n = words.number(summary["replicates"])
    return {
        "figure": drawing(describe_lines(alone, words), *figures),
        "sub": words("figures.lines.subtitle", outcome=outcome_name(first, words), n=n) + " " + words("figures.lines.turnover"),
    }


def differences(summary: Summary, words: Texts) -> Context:
    """The paired differences of the first outcome as a figure, and those of the others at the last date as a table."""
    if not summary["differences"]:
        return {"figure": None, "sub": "", "pairs": [], "rows": [], "note": ""}
    first, *others = told_outcomes(summary)
    per, unit = shown_per(first), words(f"outcomes.{first}.unit")
    pairs = list(dict.fromkeys((one["more"], one["less"]) for one in summary["differences"]))[:MOST_PAIRS]
    shown = {**summary, "differences": [one for one in summary["differences"] if (one["more"], one["less"]) in pairs]}
    told = [one for one in shown["differences"] if one["outcome"] == first]
    form = "worlds" if any(one["worlds"] for one in told) else "defaults"
    digits = digits_for([span_of(one["defaults"], per) for one in told])
    alt = "; ".join(
        f"{_pair_name((one['more'], one['less']), words)}, {date_name(one['date'], summary, words)}: "
        f"{tell_interval(one['defaults'], per, digits, words)}"
        for one in told
    )
    return {
        "figure": drawing(alt, *(draw_differences(shown, words, width) for width in (SIDE, PHONE))),
        "sub": words(f"report.differences.{form}", unit=capital(unit)),
        "pairs": [_pair_name(pair, words) for pair in pairs],
        "rows": [_difference_row(outcome, pairs, summary, words) for outcome in others],
        "note": words("report.differences.note", date=date_name(summary["dates"][-1], summary, words)),
    }


def _pair_name(pair: tuple[str, str], words: Texts) -> str:
    return words("differences.pair", more=policy_name(pair[0], words, "short"), less=policy_name(pair[1], words, "short"))


def _difference_row(outcome: str, pairs: Sequence[tuple[str, str]], summary: Summary, words: Texts) -> Context:
    """One outcome at the last date: a cell a pair, with the worlds that have more."""
    date, per = summary["dates"][-1], shown_per(outcome)
    found = {(one["more"], one["less"]): one for one in summary["differences"] if (one["outcome"], one["date"]) == (outcome, date)}
    digits = digits_for([span_of(one["defaults"], per) for one in found.values()])
    cells = []
    for pair in pairs:
        one = found[pair]
        unclear = words("differences.unclear_mark") + " " if is_unclear(one["defaults"]) else ""
        worlds = one["worlds"]
        count = words("report.differences.count", above=worlds["above"], n=worlds["n"]) if worlds and worlds["n"] > 1 else ""
        cells.append((unclear + tell_interval(one["defaults"], per, digits, words), count))
    return {"name": capital(words(f"outcomes.{outcome}.name")), "unit": words(f"outcomes.{outcome}.unit"), "cells": cells}


# --- where it tips, who carries it ------------------------------------------------------------------------------------


def tipping(findings: Findings, words: Texts, grid: TippingMap | None = None) -> Context:
    """What decides, in sentences, and the small map: of a sweep where there is one, else of the worlds."""
    summary, found = findings.summary, headline(findings.summary)
    if found is None or not (summary["worlds"] or grid):
        return {"says": [words("deciders.no_worlds")], "figure": None, "keys": []}
    says = [tell_decider(one, words) for one in summary["deciders"][:3]] or [words("deciders.none")]
    grid = grid or map_tipping((found["more"], found["less"]), summary["deciders"], findings.columns["uncertain"], findings.parameters)
    if grid is None:
        return {"says": says, "figure": None, "keys": []}
    names = {side: policy_name(found[side], words) for side in ("more", "less")}
    return {
        "says": says,
        "figure": drawing(_describe_grid(grid, words), *(draw_tipping(grid, words, width) for width in (HALF, PHONE))),
        "keys": [
            ("#5F6B76", words("report.tipping.leaves", policy=names["more"])),
            ("#5BA3D0", words("report.tipping.leaves", policy=names["less"])),
            ("#F3F4F2", words("report.tipping.undecided")),
        ],
    }


def _describe_grid(grid: TippingMap, words: Texts) -> str:
    """How many cells point which way."""
    share, decided = grid.share, grid.decided
    return words(
        "report.tipping.alt",
        across=words(f"parameters.{grid.across}.name"), up=words(f"parameters.{grid.up}.name"),
        cells=int((grid.worlds > 0).sum()), more=policy_name(grid.more, words), less=policy_name(grid.less, words),
        for_more=int((decided & (share > 0.5)).sum()), for_less=int((decided & (share < 0.5)).sum()),
    )  # fmt: skip


def who_carries(findings: Findings, words: Texts) -> Context:
    """Hours of moves by group, and what became of those who have least."""
    summary, runs = findings.summary, findings.columns["default"]
    periods = max(1.0, int(summary["lead_weeks"]) / PERIOD)
    hours = carried_by_group(runs, "hours", "stop") if runs[summary["policies"][0]] else {}
    if not hours:
        return {"figure": None, "says": [], "keys": []}
    shown = {group: {policy: value / periods for policy, value in values.items()} for group, values in hours.items() if group != "new"}
    shown.pop("settled", None)
    pot = findings.parameters["team_hours"]
    mark = (pot, words("report.carry.pot", hours=exact(pot, words)))
    look = looks(summary["policies"])
    alt = words("report.carry.alt", told="; ".join(_describe_group(group, values, words) for group, values in shown.items()))
    return {
        "figure": drawing(alt, *(draw_load(shown, summary["policies"], words, width, mark) for width in (HALF, PHONE))),
        "says": list(_tell_carrying(findings, shown, words)),
        "keys": [(Markup(marker(look[policy])), policy_name(policy, words, "short")) for policy in summary["policies"]],
    }


def _describe_group(group: str, values: Mapping[str, float], words: Texts) -> str:
    told = ", ".join(f"{policy_name(policy, words, 'short')} {words.number(value, 1)}" for policy, value in values.items())
    return f"{words(f'report.groups.{group}')}: {told}"


def _tell_carrying(findings: Findings, hours: Mapping[str, Mapping[str, float]], words: Texts) -> Iterator[str]:
    """Who puts in most hours, whether schools differ in size, who is too busy, and how those who have least fare."""
    summary, runs = findings.summary, findings.columns["default"]
    busiest = max(summary["policies"], key=lambda policy: number(summary["hours"][policy]["teacher"]))
    roles = {group: values[busiest] for group, values in hours.items() if group in ("teacher", "coach")}
    if len(roles) > 1 and max(roles.values()) > 0:
        uneven = roles["coach"] > _MUCH_MORE * roles["teacher"]
        values = {group: words.number(value, 0 if value >= 10 else 1) for group, value in roles.items()}
        yield words(f"report.carry.{'coaches' if uneven else 'alike'}", policy=policy_name(busiest, words), **values)
    if "small_school" not in hours:
        yield words("report.carry.one_size")
    if all("overloaded_after" in runs[policy] for policy in summary["policies"]):
        shares = [
            f"{policy_name(policy, words, 'short')} {words.number(100 * float(runs[policy]['overloaded_stop'].mean()))}"
            for policy in summary["policies"]
        ]
        yield words("report.carry.overloaded", told=listed(shares, words))
    found = headline(summary)
    if found is not None:
        yield _tell_least(findings, found, words)


def _tell_least(findings: Findings, found: Mapping[str, Any], words: Texts) -> str:
    """How the quarter with the least energy, and that with the least practice, end under both ways of the headline."""
    from experiments.compare import paired_difference

    parts = []
    for outcome in ("energy_low", "practice_low"):
        more, less = (findings.columns["default"][found[side]][f"{outcome}_{found['date']}"] for side in ("more", "less"))
        difference, per = paired_difference(more, less), shown_per(outcome)
        told = tell_interval(difference, per, digits_for([span_of(difference, per)]), words)
        mark = " " + words("report.carry.unclear") if is_unclear(difference) else ""
        parts.append(f"{words(f'outcomes.{outcome}.name')} {told}{mark}")
    return words("report.carry.least", pair=_pair_name((found["more"], found["less"]), words), told=listed(parts, words))


# --- the network, what it rests on, and the end -----------------------------------------------------------------------


def network_pictures(networks: Networks, region: Region, summary: Summary, words: Texts) -> list[Context]:
    """Two pictures for each way of leading, at the same layout."""
    look, pictures = looks(summary["policies"]), []
    for policy, ties in networks.items():
        lines = lines_at_dates(ties, region, summary)
        form = "_school" if region.schools == 1 else ""
        counts = {
            date: words(
                f"figures.network.counts{form}", ties=words.number(one.count), **({} if form else {"across": words.number(one.across)})
            )
            for date, one in lines.items()
        }
        alt = describe_before_after({policy: ties}, region, summary, words)
        weeks = {"stop": summary["lead_weeks"], "after": summary["lead_weeks"] + summary["after_weeks"]}
        pictures.append({
            "name": capital(policy_name(policy, words)),
            "mark": Markup(marker(look[policy])),
            "dates": [
                (drawing(alt, draw_network_alone(lines[date], region)), _date_head(date, weeks[date], summary, words), counts[date])
                for date in ("stop", "after")
            ],
        })  # fmt: skip
    return pictures


def _date_head(date: str, week: int, summary: Summary, words: Texts) -> str:
    if date == "after" and summary["after_weeks"] != SCHOOL_YEAR:
        return words("figures.network.after_weeks", weeks=summary["after_weeks"], week=week)
    return words(f"figures.network.{date}", week=week)


def assumed(findings: Findings, words: Texts) -> Context:
    """What it rests on: the numbers that decide and some of each grade, with source; and how the start was made."""
    summary, values = findings.summary, findings.parameters
    deciding = [one["parameter"] for one in summary["deciders"]]
    contested = [name for name, spec in SPECS.items() if spec.contested and f"parameters.{name}.more" in words]
    graded = [name for grade in ("measured", "plausible") for name, spec in SPECS.items() if spec.grade == grade and not _is_switch(spec)]
    first = list(dict.fromkeys([*graded[:5], *deciding, "crowding", "pulled_decay_mult", *contested]))[:MOST_ASSUMED]
    order = ("measured", "plausible", "guess")
    rows = [
        {
            "grade": SPECS[name].grade,
            "tag": words(f"grades.{SPECS[name].grade}"),
            "name": capital(words(f"parameters.{name}.name")),
            "value": _value_of(name, values[name], words),
            "source": _source(SPECS[name], words),
            "decides": name in deciding,
        }
        for name in sorted(first, key=lambda name: order.index(SPECS[name].grade))
    ]
    return {"rows": rows, "lines": assumptions({**summary, "values": dict(findings.settings["values"])}, words)}


def _is_switch(spec: Spec) -> bool:
    return spec.whole and (spec.low, spec.high) == (0, 1)


def questions_to_ask(summary: Summary, words: Texts) -> Iterator[str]:
    """What somebody can ask at home: about what decides the answer here, and two questions that always matter."""
    for one in summary["deciders"][:3]:
        if f"report.ask.{one['parameter']}" in words:
            yield words(f"report.ask.{one['parameter']}")
    yield words("report.ask.leader_goes")
    yield words("report.ask.carried")


def _value_of(name: str, value: float, words: Texts) -> str:
    """A parameter's value as its text has it, else with its unit where that is a plain one."""
    if f"parameters.{name}.value" in words:
        return words(f"parameters.{name}.value", value=exact(value, words), percent=exact(100 * value, words))
    return exact(value, words)


_PHRASES = {
    "calibrated on ten observed schools": "calibrated", "not identified by one wave": "one_wave",
    "keeps about 75 % of strong ties a year": "keeps",
    "not identified next to settings": "settings", "disputed:": "disputed", "direction:": "direction", "form:": "form",
    "collective agreement PO: 2 h a week for own development": "agreement",
    "a fixed number keeps out-degree independent of school size": "fixed",
}  # fmt: skip
"""What the sources of parameters say beside a reference, as they say it, and the text that says it in the language of the page."""


def _source(spec: Spec, words: Texts) -> str:
    """Where a number comes from; what was only read in part says so in the language of the page."""
    if spec.source.startswith("no source"):
        return words("report.sources.none")
    source = spec.source
    for phrase, name in _PHRASES.items():
        source = source.replace(phrase, words(f"report.phrases.{name}"))
    for kind in ("abstract", "excerpt", "read", "computed", "summary"):
        source = re.sub(rf"(, {kind}\b)|( \({kind}\))", f", {words(f'report.sources.{kind}')}", source)
    return source


def ending(findings: Findings, words: Texts) -> Context:
    """What somebody needs to make the page again: numbers and settings to keep, the command, and the version of the model."""
    summary = findings.summary
    plain = {"settings": findings.settings, "model": findings.model, "command": summary["command"]}
    return {
        "again": words("again.command", **{name: summary[name] for name in ("command", "seed", "replicates", "worlds")}),
        "model": words("report.end.model", digest=findings.model) if findings.model else "",
        "numbers": _as_link("text/csv", numbers_table(summary)),
        "settings": _as_link("application/json", json.dumps(plain, indent=1, ensure_ascii=False)),
        "name": summary["name"],
    }


def _as_link(kind: str, content: str) -> Markup:
    """Content as an address that holds it."""
    return Markup(f"data:{kind};charset=utf-8;base64,{base64.b64encode(content.encode()).decode()}")


def numbers_table(summary: Summary) -> str:
    """Levels, hours and paired differences as CSV, one number a row with its interval."""
    table = io.StringIO(newline="")
    writer = csv.writer(table, lineterminator="\n")
    writer.writerow(["what", "way", "minus", "outcome", "date", "over", "mean", "low", "high", "n", "above", "equal", "below"])
    for policy, levels in summary["levels"].items():
        for outcome, dates in levels.items():
            for date, level in dates.items():
                row = ["level (80 % band)", policy, "", outcome, date, "defaults", level["mean"], level["low"], level["high"]]
                writer.writerow([*row, summary["replicates"], "", "", ""])
        for who, hours in summary["hours"][policy].items():
            writer.writerow([f"hours of each {who}", policy, "", "", "after", "defaults", hours, *[""] * 6])
    for one in summary["differences"]:
        for over in ("defaults", "worlds"):
            if found := one[over]:
                kept = [found[name] for name in ("mean", "low", "high", "n", "above", "equal", "below")]
                writer.writerow(["difference (95 % interval)", one["more"], one["less"], one["outcome"], one["date"], over, *kept])
    return table.getvalue()
