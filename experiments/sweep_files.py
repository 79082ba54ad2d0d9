"""Sweeps as TOML files: which ways of leading, which design, how many replicates, and what is kept. Checked whole, told all at once.

```toml
policies = ["strong_pull", "nurtured", "on_its_own"]   # or timelines, or scenarios (by id, or the path of a .toml)
replicates = 20
outcomes = ["lasting", "energy"]                        # left out: all
series = ["lasting"]                                    # left out: none

[design]
kind = "grid"                                           # grid, one_at_a_time, latin_hypercube, sobol, morris, phase, table
levels = 9

[design.parameters]                                     # or: parameters = "contested"
crowding = {}                                           # its whole sweep range
team_hours = { from = 2, to = 12 }                      # a part of it
```
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from experiments import designs
from experiments.catalogue import read_toml
from experiments.compare import Comparison
from experiments.designs import KINDS, Factor
from experiments.fields import ID, REGION, Problem, nearest, shown
from experiments.lineup import line_up
from experiments.points import Points, PointsError
from experiments.runs import DATES, Kind, Source
from experiments.sweep import Sweep
from model.measures import MEASURES, WEEKLY
from model.parameters import SPECS
from model.region import RegionError, generate_region

_WHOLE = {
    "replicates": (1, 1_000_000, 10),
    "seed": (0, 2**63 - 1, 1),
    "grow_weeks": (0, 10_000, 400),
    "lead_weeks": (1, 2_000, 40),
    "after_weeks": (0, 2_000, 40),
}
"""Whole numbers: lowest, highest, and what holds where nothing is said."""
_TOP = ("policies", "hours", "rest", "outcomes", "series", "values", "region", "source", "design", *_WHOLE)
_SOURCE = {"network": str, "school": int, "locations": str, "board": int}
_DESIGN = {
    "grid": ("levels",),
    "one_at_a_time": ("levels",),
    "latin_hypercube": ("points", "first", "seed"),
    "sobol": ("points", "seed", "second_order"),
    "morris": ("trajectories", "seed"),
    "phase": ("side", "rounds", "outcome"),
    "table": ("file",),
}
"""What each kind of design may be told, beside its parameters."""
_NEEDED = {"latin_hypercube": "points", "sobol": "points", "morris": "trajectories", "table": "file"}
_REST: Mapping[str, Kind] = {"defaults": "default", "drawn": "uncertain"}


class SweepError(ValueError):
    """A sweep file cannot be used; `problems` holds every rule that was broken, the message the first twenty."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = list(problems)
        more = len(self.problems) - 20
        super().__init__("\n".join([*self.problems[:20], *([f"... and {more} more"] if more > 0 else [])]))


def load_sweep(path: Path | str, policy_file: str | None = None) -> Sweep:
    """The sweep that a TOML file asks for; files it names are found beside it.

    Args:
        policy_file: path of a Python file with policies of one's own; never named in the file, for it is code that runs.

    Raises:
        SweepError: naming every problem with file, key, value and rule.
        ValueError: where it is no TOML, or a scenario, network or region it names cannot be used.
    """
    path = Path(path)
    data = read_toml(path)
    problems = list(_check(data))
    if not ID.fullmatch(path.stem):
        problems.append(("the name of the file", "must be 1 to 64 letters, digits, - and _, and begin with a letter or digit"))
    points = None
    if not any(key.startswith("design") for key, _ in problems):
        try:
            points = _design(data["design"], path.parent)
        except PointsError as error:
            problems += [("design", line) for line in str(error).splitlines()]
    if problems or points is None:
        raise SweepError(f"{path.name}: {key}: {rule}" for key, rule in problems)
    return _make(path, data, points, policy_file)


def _check(data: Mapping[str, Any]) -> Iterator[Problem]:
    yield from _unknown(data, _TOP, "")
    for name, (low, high, _) in _WHOLE.items():
        if name in data and not _is_whole(data[name], low, high):
            yield f"{name} = {shown(data[name])}", f"must be a whole number from {low} to {high}"
    for name, allowed in (("hours", ("equal", "own")), ("rest", tuple(_REST))):
        if name in data and data[name] not in allowed:
            yield f"{name} = {shown(data[name])}", f"must be {' or '.join(map(repr, allowed))}"
    yield from _check_lists(data)
    yield from _check_values(data.get("values", {}))
    yield from _check_places(data)
    if "design" not in data:
        yield "design", "must be given: a table [design] with its kind"
    else:
        yield from _check_design(data["design"])


def _unknown(data: Mapping[str, Any], known: Iterable[str], where: str) -> Iterator[Problem]:
    known = list(known)
    yield from ((f"{where}{shown(name)[1:-1]}", f"no such key (nearest: {nearest(name, known)!r})") for name in data if name not in known)


def _is_whole(value: Any, low: float, high: float) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and low <= value <= high


def _check_lists(data: Mapping[str, Any]) -> Iterator[Problem]:
    known: dict[str, Iterable[str] | None] = {"policies": None, "outcomes": MEASURES, "series": WEEKLY}
    if "policies" not in data:
        yield "policies", "must be given: a list of ways of leading"
    for name, allowed in known.items():
        value = data.get(name, ["?"])
        if not isinstance(value, list) or not value or not all(isinstance(one, str) and len(one) < 1000 for one in value):
            yield name, "must be a list of texts, at least one"
        elif len(set(value)) < len(value):
            yield name, "must hold each once"
        elif allowed is not None and name in data:
            what = "measure" if name == "outcomes" else "measure of every week"
            yield from (
                (f"{name}: {shown(one)}", f"no such {what} (nearest: {nearest(one, allowed)!r})") for one in value if one not in allowed
            )


def _check_values(values: Any) -> Iterator[Problem]:
    if not isinstance(values, Mapping):
        yield "values", "must be a table, [values], of parameters and numbers"
        return
    for name, value in values.items():
        if name not in SPECS:
            yield f"values.{shown(name)[1:-1]}", f"no such parameter (nearest: {nearest(name, SPECS)!r})"
        elif rule := _check_value(name, value):
            yield f"values.{name}", rule


def _check_value(name: str, value: Any) -> str | None:
    if isinstance(value, int) and abs(value) >= 2**63:
        return "must be a finite number"
    return SPECS[name].check(value)


def _check_places(data: Mapping[str, Any]) -> Iterator[Problem]:
    region, source = data.get("region", {}), data.get("source", {})
    if not isinstance(region, Mapping) or not isinstance(source, Mapping):
        yield "region, source", "must be tables, [region] and [source]"
        return
    yield from _unknown(region, (*REGION, "unequal_sizes"), "region.")
    for name, (_, low, high) in REGION.items():
        if name in region and not _is_whole(region[name], low, high):
            yield f"region.{name} = {shown(region[name])}", f"must be a whole number from {low:g} to {high:g}"
    if not isinstance(region.get("unequal_sizes", True), bool):
        yield "region.unequal_sizes", "must be true or false"
    yield from _unknown(source, _SOURCE, "source.")
    for name, kind in _SOURCE.items():
        if name in source and (not isinstance(source[name], kind) or isinstance(source[name], bool)):
            yield f"source.{name} = {shown(source[name])}", f"must be a {'text' if kind is str else 'whole number'}"
    if len([one for one in (region, source.get("network"), source.get("locations")) if one]) > 1:
        yield "region, source", "give one: a region, a network or locations"


def _check_design(design: Any) -> Iterator[Problem]:
    if not isinstance(design, Mapping):
        yield "design", "must be a table, [design]"
        return
    kind = design.get("kind")
    if kind not in KINDS:
        yield f"design.kind = {shown(kind)}", f"must be one of {', '.join(KINDS)}"
        return
    yield from _unknown(design, ("kind", "parameters", *_DESIGN[kind]), "design.")
    if (needed := _NEEDED.get(kind)) and needed not in design:
        yield f"design.{needed}", f"must be given for a {kind} design"
    for name in ("levels", "points", "first", "trajectories"):
        if name in design and not _is_whole(design[name], 1, designs.MOST_POINTS):
            yield f"design.{name} = {shown(design[name])}", "must be a whole number, 1 or more"
    if "seed" in design and not _is_whole(design["seed"], 0, 2**32 - 1):
        yield f"design.seed = {shown(design['seed'])}", "must be a whole number from 0 to 2^32 - 1"
    yield from _check_phase(design)
    if not isinstance(design.get("second_order", False), bool):
        yield "design.second_order", "must be true or false"
    if not isinstance(design.get("file", ""), str):
        yield "design.file", "must be the name of a .csv or .parquet file"
    yield from _check_parameters(design, kind)


def _check_phase(design: Mapping[str, Any]) -> Iterator[Problem]:
    for name, low, high in (("side", 2, 1_000), ("rounds", 0, designs.MOST_ROUNDS)):
        if name in design and not _is_whole(design[name], low, high):
            yield f"design.{name} = {shown(design[name])}", f"must be a whole number from {low} to {high}"
    columns = [f"{measure}_{date}" for measure in MEASURES for date in DATES]
    if "outcome" in design and design["outcome"] not in columns:
        yield (
            f"design.outcome = {shown(design['outcome'])}",
            f"must be a measure and a date (nearest: {nearest(design['outcome'], columns)!r})",
        )


def _check_parameters(design: Mapping[str, Any], kind: str) -> Iterator[Problem]:
    parameters = design.get("parameters")
    if kind == "table":
        if parameters is not None:
            yield "design.parameters", "are the columns of the file: leave them out"
        return
    if parameters == "contested":
        return
    if not isinstance(parameters, Mapping) or not parameters:
        yield "design.parameters", "must be a table of parameters, or 'contested' for all whose value nobody knows"
        return
    for name, span in parameters.items():
        where = f"design.parameters.{shown(name)[1:-1]}"
        if name not in SPECS:
            yield where, f"no such parameter (nearest: {nearest(name, SPECS)!r})"
        elif not isinstance(span, Mapping):
            yield where, "must be a table: {} for the whole sweep range, or { from = ..., to = ... }"
        else:
            yield from _unknown(span, ("from", "to"), f"{where}.")
            yield from ((where, rule) for end in ("from", "to") if end in span and (rule := _check_value(name, span[end])))


def _design(design: Mapping[str, Any], folder: Path) -> Points:
    kind, parameters = design["kind"], design.get("parameters")
    if kind == "table":
        return designs.from_table(folder / design["file"])
    if isinstance(parameters, Mapping):
        factors = [Factor(name, span.get("from"), span.get("to")) for name, span in parameters.items()]
    else:
        factors = designs.all_contested()
    make: Callable[..., Points] = getattr(designs, kind)
    return make(factors, **{name: design[name] for name in _DESIGN[kind] if name in design})


def _make(path: Path, data: Mapping[str, Any], points: Points, policy_file: str | None) -> Sweep:
    whole = {name: data.get(name, usual) for name, (_, _, usual) in _WHOLE.items()}
    usual = Comparison(
        source=_source(path, data), seed=whole["seed"], grow_weeks=whole["grow_weeks"],
        lead_weeks=whole["lead_weeks"], after_weeks=whole["after_weeks"],
    )  # fmt: skip
    names = [str(path.parent / name) if name.endswith(".toml") else name for name in data["policies"]]
    lined = line_up(usual, names, data.get("hours", "equal"), policy_file, alone=True)
    said = {"region": "source", "lead_weeks": "lead_weeks", "after_weeks": "after_weeks"}
    if problems := [name for name, of in said.items() if name in data and getattr(lined, of) != getattr(usual, of)]:
        raise SweepError(f"{path.name}: {name}: is what the scenarios or timelines in policies say: leave it out" for name in problems)
    return Sweep(
        name=path.stem, points=points, policies=lined.policies, replicates=whole["replicates"], seed=whole["seed"],
        kind=_REST[data.get("rest", "defaults")], source=lined.source, grow_weeks=whole["grow_weeks"], lead_weeks=lined.lead_weeks,
        values=tuple(sorted((name, float(value)) for name, value in data.get("values", {}).items())), after_weeks=lined.after_weeks,
        outcomes=tuple(data.get("outcomes", ())), series=tuple(data.get("series", ())), ways=lined.ways,
        policy_files=lined.policy_files,
    )  # fmt: skip


def _source(path: Path, data: Mapping[str, Any]) -> Source:
    source, region = data.get("source", {}), data.get("region", {})
    try:
        generate_region(**region)
    except RegionError as error:
        raise SweepError(f"{path.name}: region: {rule}" for rule in error.problems) from None
    network, locations = (str(path.parent / source[name]) if name in source else None for name in ("network", "locations"))
    usual = dict(generate_region.__kwdefaults__ or {})
    made = tuple(sorted((name, value) for name, value in region.items() if value != usual.get(name)))
    return Source(network=network, school=source.get("school"), locations=locations, board=source.get("board"), made=made)
