"""The page Explore: two worlds side by side, each tab its own."""

from __future__ import annotations

import solara

from experiments.app.explore_view import ExploreView
from experiments.app.session import Session
from experiments.app.view import use_tab


@solara.component
def Page(lang: str = "nl") -> None:
    """Explore, in one language; the worlds stay when the language changes."""
    use_tab(ExploreView, Session, lang)
