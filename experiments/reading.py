"""What a folder of results holds, read back: the question as it was asked, the numbers, and every run.

Nothing is run here. A folder is asked again (for a picture, or a world to play) through the question it was made from.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from experiments.compare import Column, Comparison, columns_of, lines_of
from experiments.provenance import source_digest
from experiments.runs import Kind, Source
from experiments.store import StoreError, read_runs, read_series
from experiments.ways import PolicyFile, StagePlan, Way, load_policies
from model.events import make_event
from model.policies import SETTABLE

_PLAIN = ("name", "replicates", "worlds", "seed", "grow_weeks", "lead_weeks", "after_weeks")


@dataclass(frozen=True)
class Beside:
    """What a result does not hold, and who made it may still have: an observed network, a list of schools, a file of policies."""

    network: str | None = None
    locations: str | None = None
    policy_file: str | None = None


NOTHING = Beside()


@dataclass(frozen=True)
class Findings:
    """A comparison read back.

    Attributes:
        summary: what it found (`experiments.compare.summarise`).
        settings: what was asked, every parameter's value included.
        columns: kind → way of leading → column of runs, (replicates,).
        lines: measure → way of leading → values at the defaults, (replicates, weeks + 1).
        model: digest of the model that made the runs; "" where it is not known.
        asked: the question itself, where it need not be read from the settings.
        beside: data and policies that the result was made with and does not hold.
    """

    folder: Path
    summary: dict[str, Any]
    settings: dict[str, Any]
    columns: dict[Kind, dict[str, dict[str, Column]]]
    lines: dict[str, dict[str, Column]]
    model: str
    asked: Comparison | None = None
    beside: Beside = NOTHING

    @property
    def same_model(self) -> bool:
        """Whether the model is still the one that made these runs."""
        return self.model in ("", source_digest())

    @property
    def parameters(self) -> dict[str, float]:
        """Every parameter at the defaults of this comparison."""
        return dict(self.settings["parameters"])

    def comparison(self) -> Comparison:
        """The question, to run a world of it once more.

        Raises:
            ValueError: where it was led by policies from a file that is not at hand, or is another now.
        """
        return self.asked or comparison_from(self.settings, self.summary, self.beside)


def read_findings(folder: Path, beside: Beside = NOTHING) -> Findings:
    """The comparison that a folder holds.

    Raises:
        ValueError: where it holds none, or its runs are gone; says which command makes them.
        StoreError: where its runs are damaged.
    """
    summary = _read_json(folder, "summary.json")
    facts = _read_json(folder, "provenance.json")
    if "differences" not in summary or "settings" not in facts:
        raise ValueError(f"{folder}: holds results of another kind (summary.json is not that of a comparison)")
    try:
        runs = read_runs(folder).to_pylist()
    except StoreError as error:
        if (folder / "runs").is_dir():
            raise
        again = f"learnweave {' '.join(facts.get('argv', ['compare']))}"
        raise ValueError(f"{folder}: its runs are not kept here; make them again with: {again}") from error
    settings = facts["settings"]
    chosen = _choose(runs, summary, settings, folder)
    weeks = int(summary["lead_weeks"]) + int(summary["after_weeks"]) + 1
    keys = {policy: [row["key"] for row in chosen if (row["kind"], row["policy"]) == ("default", policy)] for policy in summary["policies"]}
    lines = lines_of(read_series(folder), keys, weeks)
    return Findings(folder, summary, settings, columns_of(chosen, summary["policies"]), lines, str(facts.get("model", "")), beside=beside)


def _read_json(folder: Path, name: str) -> dict[str, Any]:
    path = folder / name
    if not folder.is_dir():
        near = difflib.get_close_matches(folder.name, [one.name for one in folder.parent.glob("*/")], n=1, cutoff=0.0)
        raise ValueError(f"{folder}: no such folder{f' (nearest: {near[0]!r})' if near else ''}")
    if not path.is_file():
        raise ValueError(f"{folder}: holds no comparison (there is no {name}); make one with: learnweave compare --out {folder.name}")
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ValueError(f"{path}: is damaged ({error})") from error
    if not isinstance(found, dict):
        raise ValueError(f"{path}: is damaged (must hold one object)")
    return found


def _choose(
    runs: Sequence[Mapping[str, Any]], summary: Mapping[str, Any], settings: Mapping[str, Any], folder: Path
) -> list[dict[str, Any]]:
    """The runs of this comparison among all that the folder holds, in order of replicate.

    Raises:
        ValueError: where some are missing, or several comparisons of other settings lie here and it cannot be told which is which.
    """
    most = {"default": int(summary["replicates"]), "uncertain": int(summary["worlds"])}
    places: dict[tuple[str, str, int], list[dict[str, Any]]] = {}
    for row in runs:
        kind, policy, replicate = row["kind"], row["policy"], int(row["replicate"])
        if row["seed"] == str(summary["seed"]) and policy in summary["policies"] and replicate < most.get(kind, 0):
            places.setdefault((kind, policy, replicate), []).append(dict(row))
    wanted = sum(most.values()) * len(summary["policies"])
    if len(places) < wanted:
        raise ValueError(
            f"{folder}: {wanted - len(places)} of its {wanted} runs are missing; run the comparison again, it goes on from there"
        )
    if any(len(rows) > 1 for rows in places.values()):
        keys = _keys(settings, summary, folder)
        places = {place: [row for row in rows if row["key"] in keys] for place, rows in places.items()}
        if any(len(rows) != 1 for rows in places.values()):
            raise ValueError(f"{folder}: holds runs of several comparisons; make this one again in a folder of its own (--out)")
    return [places[place][0] for place in sorted(places, key=lambda place: place[2])]


def _keys(settings: Mapping[str, Any], summary: Mapping[str, Any], folder: Path) -> set[str]:
    try:
        asked = comparison_from(settings, summary)
        return {job.key(policy) for job in asked.jobs() for policy in job.policies}
    except (ValueError, OSError) as error:
        raise ValueError(f"{folder}: holds runs of several comparisons, and which are whose cannot be told here ({error})") from error


# --- the question once more -------------------------------------------------------------------------------------------


def comparison_from(settings: Mapping[str, Any], summary: Mapping[str, Any], beside: Beside = NOTHING) -> Comparison:
    """The comparison that `experiments.studies.pull_or_grow.settings` described.

    Raises:
        ValueError: where it was led by policies from a file that is not at hand, or is another now.
    """
    files = _policy_files(settings["policy_files"], beside)
    source = dict(settings["source"])
    source |= {name: place for name in ("network", "locations") if source[name] is not None and (place := getattr(beside, name))}
    titles = summary.get("titles", {})
    return Comparison(
        **{name: settings[name] for name in _PLAIN},
        policy_files=files,
        source=Source(**(source | {"made": _pairs_of(source["made"])})),
        policies=tuple(settings["policies"]),
        pairs=_pairs_of(settings["pairs"]),
        equal=tuple(settings["equal"]),
        values=_pairs_of(settings["values"]),
        outcomes=tuple(settings["outcomes"]),
        asked=_pairs_of(settings["asked"]),
        ways=ways_from(settings["ways"], titles),
        calibrated=settings.get("calibrated", False),
        hours=settings.get("hours", "equal"),
    )


def _policy_files(told: Mapping[str, Mapping[str, Any]], beside: Beside) -> tuple[PolicyFile, ...]:
    if not told:
        return ()
    names = ", ".join(told)
    if beside.policy_file is None:
        raise ValueError(f"led by policies from a file ({names}), which a result does not hold; name it with --policy")
    file = load_policies(beside.policy_file)
    if file.digest not in {one["digest"] for one in told.values()}:
        raise ValueError(f"{beside.policy_file}: is not the file that this result was made with ({names}), or has changed since")
    return (file,)


def ways_from(told: Mapping[str, Mapping[str, Any]], titles: Mapping[str, Mapping[str, str]]) -> tuple[Way, ...]:
    """Ways of leading by name, from what `Way.describe` told of them."""
    return tuple(_way(name, one, titles.get(name, {})) for name, one in told.items())


def _pairs_of(rows: Sequence[Sequence[Any]]) -> tuple[Any, ...]:
    return tuple(tuple(row) for row in rows)


def _way(name: str, told: Mapping[str, Any], titles: Mapping[str, str]) -> Way:
    """The way of leading that `Way.describe` told."""
    stages = tuple(
        StagePlan(
            stage["policy"],
            stage["weeks"],
            tuple((dial, stage[dial]) for dial in SETTABLE if dial in stage),
            stage.get("leader_hours", 1.0),
        )
        for stage in told["stages"]
    )
    events = tuple(make_event(event["kind"], {name: value for name, value in event.items() if name != "kind"}) for event in told["events"])
    return Way(
        name, stages, events, _pairs_of(list(dict(told["values"]).items())), _pairs_of(told["ranges"]), told["hours"], tuple(titles.items())
    )
