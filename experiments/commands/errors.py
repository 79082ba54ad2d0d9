"""How a verb tells a person what went wrong."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click


def told(step: Callable[[], Any]) -> Any:
    """Run a step; what a person did wrong is told in one plain message, never as a traceback."""
    from experiments.executors import PlaceError
    from experiments.store import StoreError

    try:
        return step()
    except (ValueError, StoreError, PlaceError, OSError) as error:
        raise click.ClickException(str(error)) from error
