"""Strong pull, growth on its own, or nurtured growth: what remains one year after the leading stops?

Run it with ``python -m experiments.studies.pull_or_grow``, or as ``learnweave compare``. Copy it, change the lines below, and
it answers another question.
"""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from tqdm import tqdm

from experiments.compare import Comparison, Progress, compare, read_lines
from experiments.executors import workers_at_hand
from experiments.figures import draw_lines, save
from experiments.network_picture import draw_before_after
from experiments.provenance import provenance, write_json
from experiments.report_folder import seconds_so_far, write_folder
from experiments.runs import Job, look_at_stops, make_region
from experiments.teacher_hours import at_equal_teacher_hours, with_equal_teacher_hours
from experiments.texts import LANGUAGES, Texts, texts
from experiments.words import names_of_scenarios, tell

# The question: one board, six schools of fourteen; strong pull and nurtured growth at equal leader hours, own growth with none,
# and own growth with the same hours freed for colleagues. Every world first grows 400 weeks to rest; then a year of leading, and a
# year without.
QUESTION = Comparison(
    name="pull_or_grow",
    policies=("strong_pull", "on_its_own", "nurtured", "time_freed"),
    replicates=100,
    worlds=100,
    grow_weeks=400,
    lead_weeks=40,
    after_weeks=40,
)


def answer(
    comparison: Comparison, folder: Path, *, lang: str = "en", workers: int | None = None, as_json: bool = False,
    argv: list[str] | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Run what is missing, tell the answer, and leave runs, summary, provenance and two figures in `folder`."""
    words = texts(lang)
    if sys.stderr.isatty():
        click.echo(words("teacher_hours.fitting"), err=True)
    with tqdm(total=comparison.replicates + comparison.worlds, desc=words("progress.worlds"), disable=None) as bar:
        comparison, summary = find_out(comparison, folder, workers or workers_at_hand(), bar.update, argv or ["compare"])
    words = words.with_more(names_of_scenarios(summary, words))
    draw(comparison, summary, folder, words)
    if as_json:
        click.echo(json.dumps(summary, indent=1, allow_nan=False))
    else:
        click.echo(tell(summary, words) + "\n\n" + words("files.written", folder=str(folder)))
    return summary


def publish(comparison: Comparison, asked: tuple[str, ...] = (), results: Path = Path("results"), workers: int | None = None) -> Path:
    """Answer a question, and leave everything that others need beside the answer: README, numbers, figures, and a page in each language.

    Args:
        asked: the names that `learnweave compare` is given for the same question.
    """
    folder = results / "compare" / comparison.name
    numbers = ("--replicates", str(comparison.replicates), "--worlds", str(comparison.worlds))
    argv = ["compare", *asked, *numbers, "--out", (Path("results") / "compare" / comparison.name).as_posix()] if asked else ["compare"]
    summary = answer(comparison, folder, workers=workers, argv=argv)
    for language in LANGUAGES:
        words = texts(language)
        draw(fit(comparison), summary, folder, words.with_more(names_of_scenarios(summary, words)))
    write_folder(folder)
    return folder


def find_out(
    comparison: Comparison, folder: Path, workers: int, progress: Progress, argv: list[str]
) -> tuple[Comparison, dict[str, Any]]:  # fmt: skip
    """Run what is missing, and leave runs, summary and provenance in `folder`; the comparison as it was run, and the summary."""
    started = datetime.now(UTC)
    comparison = fit(comparison)
    summary = compare(comparison, folder, workers, progress=progress)
    facts = provenance(argv, settings(comparison), started=started, finished=datetime.now(UTC))
    summary["command"] = " ".join(["learnweave", *facts["argv"]])  # without the folders of this computer
    write_json(folder / "summary.json", summary)
    seconds = seconds_so_far(folder, facts["settings"]) + round((datetime.now(UTC) - started).total_seconds())
    write_json(folder / "provenance.json", facts | {"seconds": seconds})
    return comparison, summary


def fit(comparison: Comparison) -> Comparison:
    """The comparison with leader hours fitted to equal hours of colleagues: for all of it, or beside it, as it asks."""
    if comparison.hours == "own" or comparison.lead_weeks == 0:
        return comparison
    return at_equal_teacher_hours(comparison) if comparison.hours == "teacher" else with_equal_teacher_hours(comparison)


def draw(comparison: Comparison, summary: dict[str, Any], folder: Path, words: Texts) -> None:
    """The lines with bands and dates, and one world before and after the stop."""
    lang = words.language
    save(draw_lines(read_lines(comparison, folder), summary, words), folder / f"lines.{lang}.png")
    first = next(comparison.jobs())
    shown = tuple(policy for policy in comparison.policies if policy != "time_freed")[:3]
    worlds = look_at_stops(Job(**(vars(first) | {"policies": shown})))
    save(draw_before_after(worlds, make_region(comparison.source), summary, words), folder / f"before_after.{lang}.png")


def settings(comparison: Comparison) -> dict[str, Any]:
    """What was asked and every parameter's value, for the provenance."""
    ways = {way.name: way.describe() | {"values": way.values, "ranges": way.ranges} for way in comparison.ways}
    files = {Path(file.path).name: {"digest": file.digest, "policies": file.ids} for file in comparison.policy_files}
    also = {name: way.describe() for name, way in comparison.also}
    plain = {"source": vars(comparison.source), "ways": ways, "policy_files": files, "also": also}
    return vars(comparison) | plain | {"parameters": next(comparison.jobs()).parameters().values()}


if __name__ == "__main__":
    publish(QUESTION)
