"""The tables of the ODD description and the codebook of result columns, made from the code that the model runs on.

``python -m experiments.codebook --write`` makes them anew; ``--check`` tells which are no longer what the code says, and ends with 1.
"""

from __future__ import annotations

import argparse
import csv
import inspect
import io
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from model.measures import MEASURES
from model.parameters import SPECS, Spec
from model.people import PERSON, PLACE, UNIT
from model.ties import Ties

ROOT = Path(__file__).resolve().parents[1]
ODD = ROOT / "model" / "ODD.md"
CODEBOOK = ROOT / "model" / "codebook.csv"
COLUMNS = ("column", "kind", "unit", "meaning", "source")
DATES = {"start": "before the leading begins", "stop": "in the last week of leading", "after": "when the weeks without leading are over"}
RUN_COLUMNS = {
    "key": "hash of all that decides a run: the same key is the same run",
    "point": "row of the design: which setting of the parameters that vary",
    "replicate": "which world; ways of leading with the same replicate and point are paired",
    "policy": "way of leading",
    "kind": "kind of run",
    "seed": "seed of all draws, as text",
    "error": "traceback of a run that failed, else empty",
    "week": "weeks since the leading began, in tables of weeks (series-*.parquet)",
}
"""What stands beside parameters and outcomes."""


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table in Markdown; bars inside cells are escaped."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def describe_parameters() -> str:
    """Every parameter of `SPECS`, by the phase of the week that uses it, with how many there are of each grade."""
    head = ("parameter", "meaning", "unit", "default", "valid", "sweep", "neutral", "contested", "grade", "source")
    grades = [spec.grade for spec in SPECS.values()]
    count = ", ".join(f"{grades.count(grade)} {grade}" for grade in ("measured", "plausible", "guess"))
    parts = [f"{len(SPECS)} parameters: {count}; {sum(spec.contested for spec in SPECS.values())} are contested."]
    for group in dict.fromkeys(spec.group for spec in SPECS.values()):
        rows = [_parameter_row(spec) for spec in SPECS.values() if spec.group == group]
        parts.append(f"**{group}**\n\n{table(head, rows)}")
    return "\n\n".join(parts)


def _parameter_row(spec: Spec) -> tuple[str, ...]:
    sweep = f"{spec.sweep[0]:g}..{spec.sweep[1]:g}" + (" (log)" if spec.log else "")
    neutral = "" if spec.neutral is None else f"{spec.neutral:g}"
    return (
        f"`{spec.name}`", spec.meaning, spec.unit, f"{spec.default:g}", f"{spec.low:g}..{spec.high:g}", sweep, neutral,
        "yes" if spec.contested else "", spec.grade, spec.source,
    )  # fmt: skip


def describe_states() -> str:
    """The state variables of places, people, units and ties, with their types; what they mean stands beside them in the code."""
    rows = [
        (kind, f"`{name}`", str(record[name].base), " × ".join(map(str, record[name].shape)) or "1")
        for kind, record in {"place": PLACE, "person": PERSON, "unit": UNIT}.items()
        for name in record.names or ()
    ]
    meaning = inspect.cleandoc(Ties.__doc__ or "").split("Attributes:\n")[1].strip("\n")
    ties = [(f"`{name}`", *_split(text)) for name, text in (line.strip().split(": ", 1) for line in meaning.splitlines())]
    return table(("of", "variable", "type", "values"), rows) + "\n\n" + table(("of ties", "meaning", "type and shape"), ties)


def _split(text: str) -> tuple[str, str]:
    """What is said of an array, and its type and shape, which begin at the last name of a type."""
    at = max(text.rfind(f", {kind}") for kind in ("int", "float", "uint"))
    return text[:at], text[at + 2 :].partition(";")[0].rstrip(".") if at >= 0 else ""


def describe_outcomes() -> str:
    """Every outcome of `MEASURES`."""
    welcome = {1: "more", 0: "depends", -1: "less"}
    rows = [
        (f"`{one.id}`", one.meaning, one.unit, welcome[one.better], "every week" if one.weekly else "at the dates", one.source)
        for one in MEASURES.values()
    ]
    return table(("outcome", "meaning", "unit", "usually welcome", "taken", "source"), rows)


def list_columns() -> list[tuple[str, ...]]:
    """Every column a table of runs or weeks may have: `COLUMNS` of each.

    A sweep names the parameters it varies as they are; tables of comparisons put ``p_`` before them.
    """
    rows: list[tuple[str, ...]] = [
        (name, "run", "–", meaning, "experiments/runs.py, experiments/sweep.py") for name, meaning in RUN_COLUMNS.items()
    ]
    for one in MEASURES.values():
        if one.weekly:
            rows.append((one.id, "outcome of a week", one.unit, one.meaning, one.source))
        rows += [(f"{one.id}_{date}", "outcome", one.unit, f"{one.meaning}, {when}", one.source) for date, when in DATES.items()]
    for spec in SPECS.values():
        rows += [(name, "parameter", spec.unit, spec.meaning, f"{spec.source} ({spec.grade})") for name in (spec.name, f"p_{spec.name}")]
    return rows


def write_columns() -> str:
    """The codebook as CSV."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([COLUMNS, *list_columns()])
    return text.getvalue()


PARTS = {"parameters": describe_parameters, "states": describe_states, "outcomes": describe_outcomes}


def fill(text: str) -> str:
    """A description with each part between its markers made from the code.

    Raises:
        ValueError: a marker is missing, or stands there twice.
    """
    for name, make in PARTS.items():
        begin, end = f"<!-- made from the code: {name} -->", f"<!-- end of {name} -->"
        if text.count(begin) != 1 or text.count(end) != 1 or text.index(begin) > text.index(end):
            raise ValueError(f"{begin} and {end} must each stand there once, in this order")
        before, rest = text.split(begin)
        text = f"{before}{begin}\n\n{make()}\n\n{end}{rest.split(end)[1]}"
    return text


def made() -> Mapping[Path, str]:
    """What every file should hold."""
    return {ODD: fill(ODD.read_text(encoding="utf-8")), CODEBOOK: write_columns()}


def stale() -> list[str]:
    """Names of the files that are not what the code says."""
    return [path.name for path, text in made().items() if not path.exists() or path.read_text(encoding="utf-8") != text]


def main(arguments: Sequence[str] | None = None) -> int:
    """Write or check; 1 where a check finds something old."""
    parser = argparse.ArgumentParser(prog="python -m experiments.codebook", description="Tables of the ODD description and the codebook.")
    choice = parser.add_mutually_exclusive_group(required=True)
    choice.add_argument("--write", action="store_true", help="make them anew")
    choice.add_argument("--check", action="store_true", help="tell which are old")
    if parser.parse_args(arguments).write:
        for path, text in made().items():
            path.write_text(text, encoding="utf-8")
        return 0
    old = stale()
    for name in old:
        sys.stderr.write(f"{name} is not what the code says: python -m experiments.codebook --write\n")
    return 1 if old else 0


if __name__ == "__main__":
    sys.exit(main())
