"""Do patterns of the literature show in the model, and if so by themselves? All checks, and figures of the literature beside them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from experiments.pattern_checks import PATTERNS, Columns, Part, Worlds, kept_across, mean_of, sort_of
from experiments.pattern_worlds import CLUBS, MANDATE, OWN, SEED, SETTINGS, look_for_patterns, people_of_board, trials
from experiments.trials import run_missing, seconds_of

YEARS = (1, 2, 3)
BESIDE: tuple[str, ...] = ("defaults", "calibrated", "slow", "fast", "by_settings", "by_closure")
"""Settings in which what one wave cannot tell is shown: the calibrated sample, two rates, and closure traded for settings."""
COMPARED: Mapping[str, tuple[str, float | None, float | None]] = {
    "kept_1": (OWN, 0.4, 0.8), "kept_2": (OWN, None, None), "kept_3": (OWN, None, None), "kept_stayed_1": (OWN, None, None),
    "kept_team": (OWN, None, None), "kept_school": (OWN, None, None), "across": (OWN, None, None),
    "strong_across": (CLUBS, None, None), "kept_across": (CLUBS, None, None),
    "central_coach": (OWN, 11 / 14, 11 / 14), "central_leader": (OWN, 3 / 14, 3 / 14), "centralisation": (OWN, 0.10, 0.30),
    "in_team": (OWN, 0.5, 1.0), "transitivity": (OWN, 0.28, 0.50),
    "formal_outside": (MANDATE, None, None),
    "teachers_outside": (MANDATE, None, None),
}  # fmt: skip
"""Numbers held against the literature: under which way of leading, and from where to where the literature has it, if it does."""


@dataclass(frozen=True)
class PatternStudy:
    """How many worlds under every setting."""

    worlds: int = 24


QUESTION = PatternStudy()
QUICK = PatternStudy(worlds=4)


def check_patterns(study: PatternStudy, folder: Path, workers: int = 1) -> dict[str, Any]:
    """Run what `folder` lacks, and sort every pattern.

    Returns:
        `patterns`: a list of {pattern, sort, parts}, each part {part, sort, found, low, high, without, terms}; `compared`: a list of
        {number, way, low, high, settings}; plain types only.
    """
    rows = {name: run_missing(trials(name, study.worlds), look_for_patterns, folder, workers) for name in SETTINGS}
    worlds = {name: _columns(found) for name, found in rows.items()}
    patterns = [_pattern(name, how(worlds)) for name, how in PATTERNS.items()]
    done = [row for found in rows.values() for row in found]
    runs = sum(len(SETTINGS[name].ways) * len(found) for name, found in rows.items())
    return {
        "study": "patterns", "worlds": study.worlds, "seed": SEED, "runs": runs,
        "seconds": seconds_of(done), **people_of_board(),
        "settings": {name: dict(one.values) for name, one in SETTINGS.items()},
        "patterns": patterns, "compared": [_compare(name, worlds) for name in COMPARED],
        "checks": _checks(patterns),
    }  # fmt: skip


def _columns(rows: Sequence[Mapping[str, Any]]) -> Columns:
    """Noted numbers as columns, a value for each world."""
    names = [name for name in rows[0] if ":" in name]
    return {name: np.array([row[name] for row in rows], np.float64) for name in names}


def _pattern(name: str, parts: Sequence[Part]) -> dict[str, Any]:
    return {"pattern": name, "sort": sort_of(parts), "parts": [part.plain() for part in parts]}


def _compare(name: str, worlds: Worlds) -> dict[str, Any]:
    """One number in every setting: its mean with the 95 % interval, and where the middle 90 % of worlds lie."""
    way, low, high = COMPARED[name]
    settings = {}
    for setting in BESIDE:
        columns = worlds[setting]
        if name == "kept_across" and f"strong_across_n:{way}" in columns:
            settings[setting] = _plain(kept_across(columns, way))
        elif f"{name}:{way}" in columns:
            settings[setting] = _plain(mean_of(columns[f"{name}:{way}"]) | _band(columns[f"{name}:{way}"]))
    settings = {setting: found for setting, found in settings.items() if found["mean"] is not None}
    return {"number": name, "way": way, "low": low, "high": high, "settings": settings}


def _band(values: Any) -> dict[str, float]:
    low, high = np.nanquantile(values, (0.05, 0.95)) if not np.isnan(values).all() else (math.nan, math.nan)
    return {"band_low": float(low), "band_high": float(high)}


def _plain(found: Mapping[str, float]) -> dict[str, float | None]:
    return {name: value if math.isfinite(value) else None for name, value in found.items()}


def _checks(patterns: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, float]]:
    """Every measured part as a number to find again, with its standard error."""
    found = {}
    for pattern in patterns:
        for part in pattern["parts"]:
            one = part["found"]
            if one is not None and one["low"] is not None and one["high"] is not None:
                error = (one["high"] - one["low"]) / (2 * 1.96)
                found[f"{pattern['pattern']} {part['part']}"] = {"value": one["mean"], "se": max(error, 1e-9), "n": int(one["n"])}
    return found


def rows_of(summary: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The checks as a table, a row a part."""
    rows = []
    for pattern in summary["patterns"]:
        for part in pattern["parts"]:
            row = {"pattern": pattern["pattern"], "part": part["part"], "sort": part["sort"]}
            row |= {"rule_low": part["low"], "rule_high": part["high"]}
            for name in ("found", "without"):
                row |= {f"{name}_{one}": (part[name] or {}).get(one) for one in ("mean", "low", "high")}
            rows.append(row | {"terms": part["terms"]})
    return rows


def compared_rows(summary: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Numbers beside the literature as a table, a row a number and setting."""
    return [
        {"number": one["number"], "way": one["way"], "literature_low": one["low"], "literature_high": one["high"], "setting": setting}
        | {name: found.get(name) for name in ("mean", "low", "high", "band_low", "band_high")}
        for one in summary["compared"]
        for setting, found in one["settings"].items()
    ]
