"""`learnweave calibrate`: structural parameters fitted to observed schools."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from experiments.commands.errors import told

RESULTS = Path("results/validation/calibration")


@click.command()
@click.option(
    "--schools", "folder", required=True, type=click.Path(exists=True, file_okay=False),
    help="A folder with people.csv and ties.csv of observed schools.",
)  # fmt: skip
@click.option("--out", type=click.Path(file_okay=False), help="Folder for runs and results; results/validation/calibration by default.")
@click.option("--population", type=click.IntRange(40, 100_000), help="Proposals of a generation.")
@click.option("--generations", type=click.IntRange(1, 100), help="Generations at most.")
@click.option("--seed", type=click.IntRange(0, 2**31 - 1), help="Seed; the same seed gives the same numbers.")
@click.option("--workers", type=click.IntRange(1, 1024), help="Processes to use; all by default.")
@click.option("--lang", type=click.Choice(["nl", "en"]), default="en", show_default=True, help="Language of the answer.")
def calibrate(
    folder: str, out: str | None, population: int | None, generations: int | None, seed: int | None, workers: int | None, lang: str
) -> None:
    """Fit activity, popularity, reciprocity, closure, the pull of the own team and differences between people to observed schools.

    The same command goes on where it was stopped. What it finds stands in sample.csv; a new default is put into the code by hand.
    """
    from tqdm import tqdm

    from experiments.calibration import FITTED, Plan, Target, draw_sample, run_sample, summarise
    from experiments.calibration import calibrate as fit
    from experiments.evidence import leave_calibration, tell_calibration
    from experiments.executors import workers_at_hand
    from experiments.observed import read_schools
    from experiments.texts import texts

    words, place = texts(lang), Path(out) if out else RESULTS
    asked = {"population": population, "generations": generations, "seed": seed}
    plan = replace(Plan(), **{name: value for name, value in asked.items() if value is not None})
    schools = told(lambda: read_schools(folder))
    processes = workers or workers_at_hand()
    with tqdm(desc=words("calibrate.progress"), unit="", disable=None) as bar:
        found = told(lambda: fit(schools, place, plan, processes, bar.update))
        sample = draw_sample(found, plan)
        fresh = run_sample(schools, place, sample, plan, processes)
    summary = summarise(found, Target.of(schools), fresh, schools, plan)
    leave_calibration(summary, [dict(zip(FITTED, map(float, row), strict=True)) for row in sample], place)
    click.echo("\n\n".join([*tell_calibration(summary, words), words("calibrate.told", path=place / "sample.csv")]))
