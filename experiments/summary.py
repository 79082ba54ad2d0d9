"""A sweep in a few numbers: levels by way of leading, and paired differences, over all points of the design."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.compare import BAND, OUTCOMES, paired_difference
from experiments.results import Results
from experiments.runs import DATES
from experiments.texts import Texts
from experiments.words import capital, date_name, digits_for, outcome_name, policy_name, shown_per
from model.measures import MEASURES

MOST_OUTCOMES = 5
"""Outcomes that are told: the headline five where they were kept, else the first kept."""


def summarise(results: Results) -> dict[str, Any]:
    """What was run, levels of outcomes by date and policy, and differences at the same point and replicate, as plain types."""
    asked = results.asked
    kept = [one for one in MEASURES if f"{one}_after" in results.runs.column_names]
    shown = [one for one in OUTCOMES if one in kept] or kept[:MOST_OUTCOMES]
    columns = {policy: _columns(results, policy) for policy in asked["policies"]}
    return {
        "name": asked["name"], "kind": results.points.recipe.get("kind", "table"), "points": len(results.points),
        "parameters": list(results.points.names), "replicates": asked["replicates"], "policies": asked["policies"],
        "runs": results.runs.num_rows, "failed": results.failed.num_rows, "missing": results.missing(),
        "after_weeks": asked["after_weeks"],
        "levels": {one: {date: _levels(columns, f"{one}_{date}") for date in DATES[1:]} for one in shown},
        "differences": [
            {"more": more, "less": less, "outcome": one, "date": date} | _difference(columns[more], columns[less], f"{one}_{date}")
            for one in shown for date in DATES[1:] for less, more in combinations(columns, 2)
        ],
    }  # fmt: skip


def tell(summary: dict[str, Any], words: Texts) -> str:
    """The summary in plain words, for a terminal."""
    name = {policy: policy_name(policy, words) for policy in summary["policies"]}
    lines = [
        words("general.thinking_tool"), "",
        words("sweeps.summary.title", kind=words(f"sweeps.kinds.{summary['kind']}"), **_only(summary, "name", "runs", "points")),
        words("sweeps.summary.varied", parameters=", ".join(words(f"parameters.{one}.name") for one in summary["parameters"])),
        words("sweeps.summary.kept", replicates=summary["replicates"]),
    ]  # fmt: skip
    if summary["missing"]:
        lines.append(words("sweeps.summary.missing", **_only(summary, "missing", "failed")))
    for outcome, dates in summary["levels"].items():
        for date, levels in dates.items():
            told = {"outcome": outcome_name(outcome, words), "date": date_name(date, summary, words)}
            lines += ["", words("sweeps.summary.levels", **told)]
            lines += _rows({capital(name[policy]): level for policy, level in levels.items()}, outcome, words)
    if summary["differences"]:
        lines += ["", words("sweeps.summary.pairs")]
    for outcome, dates in summary["levels"].items():
        for date in dates:
            pairs = [one for one in summary["differences"] if (one["outcome"], one["date"]) == (outcome, date)]
            told_pairs = {words("sweeps.summary.pair", more=capital(name[one["more"]]), less=name[one["less"]]): one for one in pairs}
            if told_pairs:
                lines += ["", f"{outcome_name(outcome, words)}, {date_name(date, summary, words)}"]
                lines += _rows(told_pairs, outcome, words)
    return "\n".join(lines)


def _only(summary: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: summary[name] for name in names}


def _rows(rows: dict[str, dict[str, Any]], outcome: str, words: Texts) -> list[str]:
    """One line a row: name, mean, band, and of a difference in how many pairs there was more."""
    per = shown_per(outcome)
    digits = digits_for([(row["band_low"] * per, row["band_high"] * per) for row in rows.values()]) + 1
    width = max(map(len, rows))
    lines = []
    for name, row in rows.items():
        differs = "above" in row
        mean = words.signed(row["mean"] * per, digits) if differs else words.number(row["mean"] * per, digits)
        band = words.range(row["band_low"] * per, row["band_high"] * per, digits)
        more = "  " + words("sweeps.summary.more_in", above=row["above"], n=row["n"]) if differs else ""
        lines.append(f"  {name:{width}}  {mean:>8}  ({band}){more}")
    return lines


def _columns(results: Results, policy: str) -> dict[str, Any]:
    import pyarrow.compute as pc

    mine = results.runs.filter(pc.equal(results.runs["policy"], policy))
    numbers = {name: mine[name].to_numpy() for name in mine.column_names if name not in ("key", "policy")}
    places = list(zip(numbers["point"].tolist(), numbers["replicate"].tolist(), strict=True))
    return numbers | {"places": {place: row for row, place in enumerate(places)}}


def _levels(columns: dict[str, dict[str, Any]], name: str) -> dict[str, dict[str, float]]:
    return {policy: _level(mine, name) for policy, mine in columns.items()}


def _level(columns: dict[str, Any], name: str) -> dict[str, float]:
    values: NDArray[np.float64] = columns[name]
    if not len(values):
        return {"mean": float("nan"), "band_low": float("nan"), "band_high": float("nan"), "n": 0}
    low, high = np.nanquantile(values, ((1 - BAND) / 2, (1 + BAND) / 2))
    return {"mean": float(np.nanmean(values)), "band_low": float(low), "band_high": float(high), "n": len(values)}


def _difference(more: dict[str, Any], less: dict[str, Any], name: str) -> dict[str, Any]:
    """The paired difference over points and replicates that both have."""
    both = [(row, less["places"][place]) for place, row in more["places"].items() if place in less["places"]]
    if not both:
        return {"n": 0, "mean": float("nan"), "band_low": float("nan"), "band_high": float("nan"), "above": 0}
    rows, others = map(list, zip(*both, strict=True))
    return paired_difference(more[name][rows], less[name][others])
