"""The page of the workshop: one slide for a room, each tab a table of its own."""

from __future__ import annotations

import solara

from experiments.app.view import use_tab
from experiments.app.workshop_session import Workshop
from experiments.app.workshop_view import WorkshopView


@solara.component
def Page(lang: str = "nl") -> None:
    """The workshop, in one language; the game stays when the language changes."""
    use_tab(WorkshopView, Workshop, lang)
