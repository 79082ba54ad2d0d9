"""`learnweave compare`: ways of leading side by side, the main job."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from experiments.commands.errors import told

RESULTS = Path("results")


@click.command()
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option(
    "--network", type=click.Path(exists=True), help="Start from an observed network: a folder with people.csv and ties.csv, or GraphML."
)
@click.option("--school", type=int, help="Which school of --network, where it holds several.")
@click.option(
    "--region", type=click.Path(exists=True, file_okay=False), help="Build a board from a list of school locations (school_locations.csv)."
)
@click.option("--board", type=int, help="Which board of --region, by number.")
@click.option(
    "--hours",
    type=click.Choice(["equal", "teacher", "own"]),
    default="equal",
    show_default=True,
    help="The same leader hours for all; as many as make the hours of colleagues equal; or each its own.",
)
@click.option(
    "--policy", type=click.Path(exists=True, dir_okay=False), help="A Python file with a way of leading of your own. It is run as code."
)
@click.option("--replicates", default=100, show_default=True, type=click.IntRange(2, 100_000), help="Worlds at the defaults.")
@click.option("--worlds", default=100, show_default=True, type=click.IntRange(0, 100_000), help="Worlds across what we do not know.")
@click.option("--uncertain", "calibrated", is_flag=True, help="Worlds also draw the structural parameters, from the calibrated sample.")
@click.option("--seed", default=1, show_default=True, type=click.IntRange(0, 2**63 - 1), help="Seed; the same seed gives the same numbers.")
@click.option("--set", "values", multiple=True, metavar="NAME=VALUE", help="Set a parameter, in every world; may be repeated.")
@click.option("--workers", type=click.IntRange(1, 1024), help="Processes to use; all by default.")
@click.option("--out", type=click.Path(file_okay=False), help="Folder for the results; results/compare/NAME by default.")
@click.option("--lang", type=click.Choice(["nl", "en"]), default="en", show_default=True, help="Language of the answer.")
@click.option("--report", is_flag=True, help="Also write a README, the numbers as CSV, and the answer as a page in both languages.")
@click.option("--json", "as_json", is_flag=True, help="Print the summary alone, as JSON.")
def compare(
    names: tuple[str, ...], out: str | None, lang: str, as_json: bool, report: bool, workers: int | None, **options: Any
) -> None:  # fmt: skip
    """Compare ways of leading: strong pull, growth on its own, nurtured growth, and own growth with time freed.

    Without arguments: one board with six schools of fourteen, a year of leading, a year without, 100 worlds at the defaults
    and 100 across what we do not know.

    NAME is a way of leading (nurtured), several in a row ("strong_pull:40, nurtured:40"), a scenario (see `learnweave scenarios`)
    or the path of your own scenario.toml. A way of leading named after a scenario leads the world of that scenario.
    """
    comparison = told(lambda: _comparison(names, options))
    from experiments.studies.pull_or_grow import answer  # figures and words are heavy: only once the question is sound

    folder = Path(out) if out else RESULTS / "compare" / comparison.name
    try:
        told(lambda: answer(comparison, folder, lang=lang, workers=workers, as_json=as_json, argv=sys.argv[1:]))
    except KeyboardInterrupt:
        raise click.ClickException(f"stopped; what was done is kept in {folder}, and the same command goes on from there") from None
    if report:
        from experiments.reading import Beside
        from experiments.report_folder import write_folder

        beside = Beside(options["network"], options["region"], options["policy"])
        for path in told(lambda: write_folder(folder, beside=beside)):
            click.echo(str(path), err=as_json)


def _comparison(names: tuple[str, ...], options: dict[str, Any]) -> Any:
    """The options as one checked `Comparison`; every problem is told at once."""
    from experiments.compare import Comparison
    from experiments.lineup import line_up
    from experiments.runs import Source
    from model.parameters import Parameters

    if options["network"] and options["region"]:
        raise ValueError("--network and --region: give one of the two")
    for needed, of in (("school", "network"), ("board", "region")):
        if options[needed] is not None and not options[of]:
            raise ValueError(f"--{needed}: goes with --{of}")
    values = dict(_read_setting(text) for text in options["values"])
    Parameters().with_values(**values)
    source = Source(network=options["network"], school=options["school"], locations=options["region"], board=options["board"])
    usual = Comparison(
        source=source,
        replicates=options["replicates"],
        worlds=options["worlds"],
        seed=options["seed"],
        values=tuple(sorted(values.items())),
        calibrated=options["calibrated"],
    )
    comparison = line_up(usual, names, options["hours"], options["policy"])
    return replace(comparison, name=_name(comparison.name, options))


def _name(name: str, options: dict[str, Any]) -> str:
    """Folder of a comparison: what it is of, and where."""
    parts = [name]
    if options["network"]:
        parts.append("network" if options["school"] is None else f"school-{options['school']}")
    if options["region"]:
        parts.append("region" if options["board"] is None else f"board-{options['board']}")
    if options["calibrated"]:
        parts.append("uncertain")
    return "-".join(parts)[:120]


def _read_setting(text: str) -> tuple[str, float]:
    name, equals, value = text.partition("=")
    try:
        return name.strip(), float(value if equals else "?")
    except ValueError:
        raise ValueError(f"--set {text!r}: must be NAME=VALUE with a number, such as crowding=0.1") from None
