"""`learnweave scenarios`: what ships, and what one scenario is about."""

from __future__ import annotations

import json

import click

from experiments.commands.errors import told


@click.command()
@click.argument("name", required=False)
@click.option("--schema", is_flag=True, help="Print the JSON schema of a scenario file.")
@click.option("--lang", type=click.Choice(["nl", "en"]), default="en", show_default=True, help="Language of the answer.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def scenarios(name: str | None, schema: bool, lang: str, as_json: bool) -> None:
    """List the scenarios, or explain one: NAME is its id, or the path of your own scenario.toml."""
    from experiments.texts import texts

    if schema:
        from experiments.fields import json_schema

        click.echo(json.dumps(json_schema(), indent=1))
        return
    from experiments.catalogue import load_scenario, load_shipped
    from experiments.explain import as_plain, explain, list_scenarios

    found = told(lambda: list(load_shipped().values()) if name is None else [load_scenario(name)])
    if as_json:
        plain = [as_plain(scenario) for scenario in found]
        click.echo(json.dumps(plain if name is None else plain[0], indent=1, ensure_ascii=False, allow_nan=False))
    else:
        click.echo(list_scenarios(found, texts(lang)) if name is None else explain(found[0], texts(lang)))
