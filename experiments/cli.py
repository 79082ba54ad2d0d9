"""The command `learnweave`: thin; each verb lives in a file of its own under `commands`."""

from __future__ import annotations

import click

from experiments.commands.analyse import analyse
from experiments.commands.app import app
from experiments.commands.calibrate import calibrate
from experiments.commands.compare import compare
from experiments.commands.report import report
from experiments.commands.reproduce import reproduce
from experiments.commands.scenarios import scenarios
from experiments.commands.sweep import sweep
from experiments.commands.validate import validate


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """How learning networks in education grow, and what leading does to them. A thinking tool, not a forecast."""


for verb in (compare, scenarios, sweep, analyse, calibrate, validate, report, reproduce, app):
    main.add_command(verb)

if __name__ == "__main__":
    main()
