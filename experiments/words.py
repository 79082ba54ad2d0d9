"""A comparison in plain words: the answer first, then the numbers, then what it rests on.

Chances are counts, differences are paired and signed, every value has its range, and no way of leading is called better. Numbers are
rounded as far as their own uncertainty goes.
"""

from __future__ import annotations

import math
import statistics
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from experiments.texts import Texts
from model.measures import MEASURES
from model.parameters import SPECS
from model.policies.policy import read_dials

Summary = Mapping[str, Any]
"""What a comparison found, as plain types (see `experiments.compare`)."""

WIDTH = 100
"""Columns of a terminal."""
SCHOOL_YEAR = 40
"""School weeks after which one may say "a year later"."""
_DIFFERENT_HOURS = 0.02
_MOST_DIGITS = 2


# --- numbers ----------------------------------------------------------------------------------------------------------


def shown_per(outcome: str) -> int:
    """What an outcome is multiplied by to be shown: ties per ten people, shares and scales per hundred, the rest as it is."""
    unit = MEASURES[outcome].unit
    if unit.startswith("ties per "):
        return 10
    return 100 if unit.startswith("share ") or ".." in unit else 1


def digits_for(intervals: Iterable[tuple[float, float]], most: int = _MOST_DIGITS) -> int:
    """Decimals that say no more than intervals of this width allow, alike for all of them.

    Half an interval of 1 or more asks for whole numbers, of 0.1 or more for one decimal. One decimal is added where an interval
    that leaves out zero would otherwise seem to touch it.
    """
    known = [(low, high) for low, high in intervals if math.isfinite(low) and math.isfinite(high)]
    halves = [(high - low) / 2 for low, high in known if high > low]
    if not halves:
        return min(1, most)
    half = statistics.median(halves)
    digits = 0 if half >= 1 else 1 if half >= 0.1 else 2
    if any(low * high > 0 and round(min(abs(low), abs(high)), digits) == 0 for low, high in known):
        digits += 1
    return min(digits, most)


def is_unclear(interval: Mapping[str, float | None]) -> bool:
    """Whether the interval of a difference holds zero, or nothing is known of it."""
    low, high = number(interval["low"]), number(interval["high"])
    return not (math.isfinite(low) and math.isfinite(high)) or low <= 0 <= high


def number(value: float | None) -> float:
    """A number of a summary; JSON writes what is not known as null."""
    return math.nan if value is None else float(value)


def span_of(interval: Mapping[str, float | None], per: int, low: str = "low", high: str = "high") -> tuple[float, float]:
    """Both ends of an interval as they are shown."""
    return number(interval[low]) * per, number(interval[high]) * per


def significant(value: float, texts: Texts) -> str:
    """A value to two figures, without zeros at the end."""
    if value == 0 or not math.isfinite(value):
        return texts.number(value)
    digits = max(0, 1 - math.floor(math.log10(abs(value))))
    return exact(round(value, digits), texts)


def exact(value: float, texts: Texts) -> str:
    """A value with the decimals it has, four at most."""
    decimals = next(digits for digits in range(5) if digits == 4 or math.isclose(round(value, digits), value, abs_tol=1e-9))
    return texts.number(value, decimals)


# --- names ------------------------------------------------------------------------------------------------------------


def capital(text: str) -> str:
    """The text with a capital first."""
    return text[:1].upper() + text[1:]


def policy_name(policy: str, texts: Texts, form: str = "name") -> str:
    """What a way of leading is called; one without a text goes by its id, and one with other dials than its own names them."""
    text_id = f"policies.{policy}.{form}"
    if text_id in texts:
        return texts(text_id)
    if "+" in policy and ":" not in policy:
        known, dials = read_dials(policy)
        told = ", ".join(texts(f"variants.{dial}", value=exact(value, texts)) for dial, value in dials.items())
        return texts("variants.name", policy=policy_name(known, texts, form), dials=told)
    return policy.replace("_", " ")


def names_of_scenarios(summary: Summary, texts: Texts) -> dict[str, str]:
    """The titles of the scenarios compared as names of ways of leading, and the question they ask, in the language of `words`."""
    told = {f"questions.{summary['name']}": asked} if (asked := summary["asked"].get(texts.language)) else {}
    for name, titles in summary["titles"].items():
        title = texts("scenarios.quoted", title=titles[texts.language])
        told |= {f"policies.{name}.name": title, f"policies.{name}.short": title}
    return told


def outcome_name(outcome: str, texts: Texts) -> str:
    """An outcome as a heading, with its unit."""
    return texts("differences.outcome", outcome=capital(texts(f"outcomes.{outcome}.name")), unit=texts(f"outcomes.{outcome}.unit"))


def date_name(date: str, summary: Summary, texts: Texts) -> str:
    """What a date is called: "a year later" only if it is."""
    if date == "after" and summary["after_weeks"] != SCHOOL_YEAR:
        return texts("dates.after_weeks", weeks=summary["after_weeks"])
    return texts(f"dates.{date}")


def question(summary: Summary, texts: Texts) -> str:
    """The question of the comparison."""
    text_id = f"questions.{summary['name']}"
    return texts(text_id if text_id in texts else "questions.general")


def extent(summary: Summary, texts: Texts, text_id: str = "answer.extent") -> str:
    """How many people and schools it is about."""
    form = "school" if summary["schools"] == 1 else "region"
    values = {name: texts.number(summary[name]) for name in ("people", "schools", "teachers")}
    return texts(f"{text_id}_{form}", **values)


def listed(names: Sequence[str], texts: Texts) -> str:
    """Names with commas and, before the last, "and"."""
    if len(names) < 2:
        return "".join(names)
    return texts("number.list_last", first=", ".join(names[:-1]), last=names[-1])


def told_outcomes(summary: Summary) -> list[str]:
    """The outcomes there is something to tell of: the first, and those that are not zero throughout."""
    first, *others = summary["outcomes"]
    return [first, *(one for one in others if any(_has(level[one]) for level in summary["levels"].values()))]


def _has(dates: Mapping[str, Mapping[str, float | None]]) -> bool:
    return any(value for level in dates.values() for value in level.values())


# --- the answer -------------------------------------------------------------------------------------------------------


def headline(summary: Summary) -> Mapping[str, Any] | None:
    """The paired difference that answers the question: the first pair and outcome at the last date; None without a pair."""
    outcome, date = summary["outcomes"][0], summary["dates"][-1]
    found = (one for one in summary["differences"] if (one["outcome"], one["date"]) == (outcome, date))
    return next(found, None)


def answer(summary: Summary, texts: Texts) -> str:
    """The answer in one sentence: a count of worlds, else the difference at the defaults."""
    found = headline(summary)
    if found is None:
        return _alone(summary, texts)
    if not found["worlds"]:
        return _at_defaults(found, summary, texts, named=True)
    worlds, names = found["worlds"], _names(found, summary, texts)
    if worlds["n"] == 1:
        form = "more" if worlds["above"] else "fewer" if worlds["below"] else "equal"
        return texts(f"answer.one_{form}", **names)
    if worlds["above"] == worlds["n"]:
        return texts("answer.worlds_all", n=worlds["n"], **names)
    form = "worlds" if worlds["above"] else "worlds_none"
    values = {"above": worlds["above"]} if worlds["above"] else {}
    return texts(f"answer.{form}", n=worlds["n"], rest=_rest(worlds, texts), **values, **names)


def second_answer(summary: Summary, texts: Texts) -> str:
    """The difference at the defaults, where the answer counts worlds; else nothing more to say."""
    found = headline(summary)
    return _at_defaults(found, summary, texts) if found is not None and found["worlds"] else ""


def _names(found: Mapping[str, Any], summary: Summary, texts: Texts) -> dict[str, str]:
    """What a difference is between, in what, and when."""
    return {
        "more": policy_name(found["more"], texts),
        "less": policy_name(found["less"], texts),
        "outcome": texts(f"outcomes.{found['outcome']}.name"),
        "date": date_name(found["date"], summary, texts),
    }


def _rest(worlds: Mapping[str, Any], texts: Texts) -> str:
    form = "both" if worlds["below"] and worlds["equal"] else "below" if worlds["below"] else "equal"
    return texts(f"answer.rest_{form}", below=worlds["below"], equal=worlds["equal"])


def _alone(summary: Summary, texts: Texts) -> str:
    outcome, policy, date = summary["outcomes"][0], summary["policies"][0], summary["dates"][-1]
    level, per = summary["levels"][policy][outcome][date], shown_per(outcome)
    return texts(
        "answer.alone",
        policy=capital(policy_name(policy, texts)),
        band=tell_band(level, per, digits_for([span_of(level, per)]), texts),
        outcome=texts(f"outcomes.{outcome}.name"),
        unit=texts(f"outcomes.{outcome}.unit"),
        date=date_name(date, summary, texts),
    )


def _at_defaults(found: Mapping[str, Any], summary: Summary, texts: Texts, *, named: bool = False) -> str:
    """The difference at the defaults, and whether it can be told from chance; `named` says what it is between."""
    defaults, per = found["defaults"], shown_per(found["outcome"])
    interval = tell_interval(defaults, per, digits_for([span_of(defaults, per)]), texts)
    unit, alone = texts(f"outcomes.{found['outcome']}.unit"), defaults["n"] == 1
    if named or alone:
        told = capital(texts("answer.defaults_alone", interval=interval, unit=unit, **_names(found, summary, texts)))
    else:
        told = texts("answer.defaults", interval=interval, unit=unit, n=defaults["n"])
    doubt = "one_pair" if alone else "unclear" if is_unclear(defaults) else ""
    return f"{told} {texts(f'answer.{doubt}')}" if doubt else told


def _across_worlds(found: Mapping[str, Any], texts: Texts) -> str:
    """The mean difference over worlds with its interval, and the band of worlds."""
    worlds, per = found["worlds"], shown_per(found["outcome"])
    interval, band = span_of(worlds, per), span_of(worlds, per, "band_low", "band_high")
    wide = digits_for([band])
    told = texts(
        "answer.across",
        interval=tell_interval(worlds, per, digits_for([interval]), texts),
        unit=texts(f"outcomes.{found['outcome']}.unit"),
        low=texts.number(band[0], wide),
        high=texts.number(band[1], wide),
    )
    return f"{told} {texts('answer.unclear')}" if is_unclear(worlds) else told


def at_equal_teacher_hours(summary: Summary, texts: Texts) -> str:
    """The headline differences once more at equal hours of colleagues, where the summary has them; else nothing."""
    equal = summary.get("equal_teacher_hours") or {}
    outcome, date = summary["outcomes"][0], summary["dates"][-1]
    found = [one for one in equal.get("differences", ()) if (one["outcome"], one["date"]) == (outcome, date)]
    if not found:
        return ""
    hours, per = equal["hours"], shown_per(outcome)
    spent = [
        texts(
            "teacher_hours.spent", policy=policy_name(name, texts), leader=significant(number(hours[name]["leader"]), texts),
            teacher=texts.number(number(hours[name]["teacher"]), 1),
        )
        for name in equal["policies"]
    ]  # fmt: skip
    told = [texts("teacher_hours.at", hours=listed(spent, texts))]
    told += [_difference_at_equal_hours(one, per, summary, texts) for one in found]
    if not equal["equal"]:
        told.append(texts("teacher_hours.not_quite", difference=significant(100 * number(equal["difference"]), texts)))
    return " ".join(told)


def _difference_at_equal_hours(found: Mapping[str, Any], per: int, summary: Summary, texts: Texts) -> str:
    interval = tell_interval(found["defaults"], per, digits_for([span_of(found["defaults"], per)]), texts)
    unit, worlds = texts(f"outcomes.{found['outcome']}.unit"), found["worlds"]
    form = "worlds" if worlds and worlds["n"] > 1 else "defaults"
    counts = {"above": worlds["above"], "n": worlds["n"]} if form == "worlds" else {}
    told = texts(f"teacher_hours.{form}", interval=interval, unit=unit, **counts, **_names(found, summary, texts))
    return f"{told} {texts('answer.unclear')}" if is_unclear(found["defaults"]) else told


def _tell_answer(summary: Summary, texts: Texts) -> Iterator[str]:
    found = headline(summary)
    yield _wrap(answer(summary, texts))
    if found is not None and found["worlds"]:
        if found["worlds"]["n"] > 1:
            yield _wrap(_across_worlds(found, texts))
        yield _wrap(_at_defaults(found, summary, texts))
        yield _wrap(f"{texts('answer.brackets')} {texts('answer.world')}")
    elif found is not None:
        yield _wrap(f"{texts('answer.brackets')} {texts('answer.no_worlds')}")
    if second := at_equal_teacher_hours(summary, texts):
        yield _wrap(second)
    yield extent(summary, texts)
    if summary["failed"]:
        yield texts("answer.failed", failed=texts.number(summary["failed"]))


# --- the tables -------------------------------------------------------------------------------------------------------


def tell_interval(interval: Mapping[str, float | None], per: int, digits: int, texts: Texts) -> str:
    """A difference with its interval; without one where nothing is known of it."""
    mean, (low, high) = texts.signed(number(interval["mean"]) * per, digits), span_of(interval, per)
    if not (math.isfinite(low) and math.isfinite(high)):
        return mean
    return texts("number.interval", mean=mean, low=texts.number(low, digits), high=texts.number(high, digits))


def tell_band(level: Mapping[str, float | None], per: int, digits: int, texts: Texts) -> str:
    """A value with its band; without one where there is none."""
    low, high = span_of(level, per)
    mean = texts.number(number(level["mean"]) * per, digits)
    if not low < high:
        return mean
    return texts("number.band", mean=mean, low=texts.number(low, digits), high=texts.number(high, digits))


def _tell_levels(summary: Summary, texts: Texts) -> Iterator[str]:
    """The headline outcome of every way of leading at every date, and what became of it."""
    outcome, dates = summary["outcomes"][0], summary["dates"]
    per = shown_per(outcome)
    levels = {policy: [summary["levels"][policy][outcome][date] for date in dates] for policy in summary["policies"]}
    digits = digits_for([span_of(level, per) for row in levels.values() for level in row])
    parts = ("survivors", "born_after", "from_start")
    header = ["", *(date_name(date, summary, texts) for date in dates), *(texts(f"remains.{word}") for word in ("kept", "after", "old"))]
    rows = [
        [
            capital(policy_name(policy, texts, "short")),
            *(tell_band(level, per, digits, texts) for level in row),
            *(texts.number(number(summary["parts"][policy][part]) * per, digits) for part in parts),
        ]
        for policy, row in levels.items()
    ]
    yield texts("remains.title")
    yield _wrap(texts("remains.unit", outcome=outcome_name(outcome, texts)))
    yield from _align([header, *rows], "<<<<>>>"[: len(header)])
    if summary["after_weeks"] == SCHOOL_YEAR:
        yield _wrap(texts("remains.kept_explain"))
    else:
        yield _wrap(texts("remains.kept_explain_weeks", weeks=summary["after_weeks"]))


def _tell_differences(summary: Summary, texts: Texts) -> Iterator[str]:
    """Every paired difference: a block an outcome, a row a pair, a column a date."""
    dates = list(dict.fromkeys(one["date"] for one in summary["differences"]))
    if not dates:
        return
    worlds = max(((one["worlds"] or {}).get("n", 0) for one in summary["differences"]), default=0)
    worlds = worlds if worlds > 1 else 0  # a count of one world is no chance
    more_in = [texts("differences.more_in")] if worlds else []
    rows = [["", *(cell for date in dates for cell in ("", date_name(date, summary, texts), *more_in))]]
    for outcome in told_outcomes(summary):
        rows += [[outcome_name(outcome, texts)], *_difference_rows(outcome, summary, bool(worlds), texts)]
    yield texts("differences.title")
    form = "explain_worlds" if worlds else "explain_defaults"
    yield _wrap(texts(f"differences.{form}", **({"n": worlds} if worlds else {})))
    yield from _align(rows, "<" + (">" + "<" + ">" * len(more_in)) * len(dates))


def _difference_rows(outcome: str, summary: Summary, with_worlds: bool, texts: Texts) -> list[list[str]]:
    """One row a pair: its label, and for every date a mark, the difference, and the worlds above zero."""
    per = shown_per(outcome)
    told = [one for one in summary["differences"] if one["outcome"] == outcome]
    digits = digits_for([span_of(one["defaults"], per) for one in told])
    rows: dict[tuple[str, str], list[str]] = {}
    for one in told:
        more, less = (policy_name(one[side], texts, "short") for side in ("more", "less"))
        row = rows.setdefault((one["more"], one["less"]), ["  " + texts("differences.pair", more=more, less=less)])
        mark = texts("differences.unclear_mark") if is_unclear(one["defaults"]) else ""
        row += [mark, tell_interval(one["defaults"], per, digits, texts)]
        row += [str(one["worlds"]["above"]) if one["worlds"] else ""] if with_worlds else []
    return list(rows.values())


def _tell_hours(summary: Summary, texts: Texts) -> Iterator[str]:
    hours = summary["hours"]
    rows = [["", texts("hours.leader"), texts("hours.teacher")]]
    for policy in summary["policies"]:
        spent = (texts.number(number(hours[policy][who])) for who in ("leader", "teacher"))
        rows.append([capital(policy_name(policy, texts, "short")), *spent])
    yield texts("hours.title")
    yield from _align(rows, "<>>")
    yield _wrap(texts("hours.explain", weeks=summary["lead_weeks"]))
    yield from _equal_hours(summary, texts)
    for policy in summary["policies"]:
        if f"policies.{policy}.explain" in texts:
            name = capital(policy_name(policy, texts))
            yield _wrap(f"{name}. {texts(f'policies.{policy}.explain')}", "  - ")


def _equal_hours(summary: Summary, texts: Texts) -> Iterator[str]:
    """Whether leaders, and then whether colleagues, spent equal hours."""
    equal = summary["equal_hours"]
    if summary.get("hours_of") == "own":
        yield texts("teacher_hours.own")
    if len(equal["policies"]) < 2:
        return
    names = listed([policy_name(policy, texts) for policy in equal["policies"]], texts)
    difference = significant(100 * number(equal["difference"]), texts)
    part = "teacher_hours" if equal.get("of") == "teacher" else "hours"
    yield _wrap(texts(f"{part}.{'equal' if equal['equal'] else 'unequal'}", policies=names, difference=difference))
    spent = [number(summary["hours"][policy]["teacher"]) for policy in equal["policies"]]
    if part == "hours" and equal["equal"] and max(spent) - min(spent) > _DIFFERENT_HOURS * max(spent):
        yield texts("hours.teacher_unequal")


def _tell_deciders(summary: Summary, texts: Texts) -> Iterator[str]:
    if headline(summary) is None:
        return
    yield texts("deciders.title")
    if not summary["worlds"]:
        yield texts("deciders.no_worlds")
    elif not summary["deciders"]:
        yield texts("deciders.none")
    for one in summary["deciders"]:
        yield _wrap(tell_decider(one, texts), "  - ")


def tell_decider(one: Mapping[str, Any], texts: Texts) -> str:
    """What more of a parameter does to a difference, and where it flips: one entry of `summary["deciders"]`."""
    name, flip = one["parameter"], number(one["flip"])
    helped, other = (one["more"], one["less"]) if one["rank_correlation"] >= 0 else (one["less"], one["more"])
    as_range = texts("number.range", low=percent_or(one["low"], name, texts), high=percent_or(one["high"], name, texts))
    if math.isnan(flip):
        turn = texts("deciders.flips_not", range=tell_quantity(as_range, name, texts))
    else:
        turn = texts("deciders.flips", value=tell_quantity(percent_or(flip, name, texts, rounded=True), name, texts), range=as_range)
    more_of = f"parameters.{name}.more"
    subject = texts(more_of) if more_of in texts else texts("deciders.more_of", parameter=texts(f"parameters.{name}.name"))
    return texts("deciders.favours", more_of=subject, policy=policy_name(helped, texts), other=policy_name(other, texts), turn=turn)


def percent_or(value: float, parameter: str, texts: Texts, *, rounded: bool = False) -> str:
    """A value of a parameter as a figure, per hundred where its text says percent."""
    template = texts.templates.get(f"parameters.{parameter}.value", "")
    per = 100 if "{percent}" in template else 1
    return (significant if rounded else exact)(value * per, texts)


def tell_quantity(figure: str, parameter: str, texts: Texts) -> str:
    """A figure with what it counts."""
    text_id = f"parameters.{parameter}.value"
    return texts(text_id, value=figure, percent=figure) if text_id in texts else figure


# --- what it rests on -------------------------------------------------------------------------------------------------


def _tell_assumptions(summary: Summary, texts: Texts) -> Iterator[str]:
    yield texts("assumes.title")
    for line in assumptions(summary, texts):
        yield _wrap(line, "  - ")
    yield ""
    yield texts("unknown.title")
    for line in unknowns(texts):
        yield _wrap(line, "  - ")


def assumptions(summary: Summary, texts: Texts) -> list[str]:
    """What a comparison assumes, a sentence or two each: the start, how much is measured, and how the region was made."""
    weeks = {"grow": summary["grow_weeks"], "lead": summary["lead_weeks"], "after": summary["after_weeks"]}
    grades = [spec.grade for spec in SPECS.values()]
    counts = {grade: grades.count(grade) for grade in ("measured", "plausible", "guess")}
    return [
        texts("assumes.same"),
        texts("assumes.rest_observed" if summary["observed"] else "assumes.rest", **weeks),
        texts("assumes.grades", total=len(grades), **counts),
        *_changed(summary, texts),
        *(tell_note(name, values, texts) for name, values in summary["notes"]),
    ]


def _changed(summary: Summary, texts: Texts) -> Iterator[str]:
    """The parameters that somebody set, where the summary has them as `values`."""
    values = dict(summary.get("values") or {})
    if values:
        told = [
            texts("assumes.changed_one", parameter=texts(f"parameters.{name}.name"), value=exact(value, texts))
            for name, value in values.items()
        ]
        yield texts("assumes.changed", values=", ".join(told))


def unknowns(texts: Texts) -> list[str]:
    """What the model knows nothing of."""
    return [texts(f"unknown.{part}") for part in ("pupils", "conflict", "politics", "content")]


def tell_note(name: str, values: Mapping[str, object], texts: Texts) -> str:
    """What was assumed when the region was made; a note without a text of its own shows what it holds."""
    told = {key: _note_value(key, value, texts) for key, value in values.items()}
    if f"notes.{name}" in texts:
        return texts(f"notes.{name}", **told)
    return texts("general.unknown_note", id=name, values=", ".join(f"{key} = {value}" for key, value in told.items()) or "–")


def _note_value(key: str, value: object, texts: Texts) -> str:
    if isinstance(value, (list, tuple)) and key == "parameters":
        return listed([texts(f"parameters.{one}.name") for one in value], texts)
    if isinstance(value, (list, tuple)):
        return ", ".join(str(one) for one in value)
    if key.endswith("_grade") and f"grades.{value}" in texts:
        return texts(f"grades.{value}")
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return str(value)
    return exact(100 * value if key.startswith("share_") else value, texts)


# --- putting it together ----------------------------------------------------------------------------------------------


def tell(summary: Summary, texts: Texts) -> str:
    """The whole answer in plain words, for a terminal of `WIDTH` columns.

    Args:
        summary: what `experiments.compare` found.
        texts: the language to tell it in.
    """
    parts = [
        [question(summary, texts), texts("general.thinking_tool")],
        *(
            list(part(summary, texts))
            for part in (_tell_answer, _tell_levels, _tell_differences, _tell_hours, _tell_deciders, _tell_assumptions)
        ),
        [_wrap(_again(summary, texts))],
    ]
    return "\n\n".join("\n".join(line.rstrip() for line in part) for part in parts if part)


def _again(summary: Summary, texts: Texts) -> str:
    values = {name: summary[name] for name in ("command", "seed", "replicates", "worlds")}
    return texts("again.command", **values)


def _wrap(text: str, mark: str = "") -> str:
    lines = textwrap.wrap(
        text, WIDTH, initial_indent=mark, subsequent_indent=" " * len(mark), break_long_words=False, break_on_hyphens=False
    )
    return "\n".join(lines)


def _align(rows: Sequence[Sequence[str]], sides: str, gap: str = "  ") -> Iterator[str]:
    """Rows as lines with aligned columns; a row of one cell is a heading and takes no part in it."""
    table = [row for row in rows if len(row) > 1]
    widths = [max(len(row[column]) for row in table) for column in range(len(sides))]
    for row in rows:
        if len(row) == 1:
            yield row[0]
            continue
        cells = [cell.ljust(width) if side == "<" else cell.rjust(width) for cell, width, side in zip(row, widths, sides, strict=True)]
        yield gap.join(cells).rstrip()
