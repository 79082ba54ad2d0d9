"""The page Explore: two worlds side by side, each tab its own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import solara

from experiments.app.explore_view import ExploreView
from experiments.app.session import Session


@solara.component
def Page(lang: str = "nl") -> None:
    """Explore, in one language; the worlds stay when the language changes."""
    kept = solara.use_ref(None)
    element = ExploreView.element()

    def open_session() -> Callable[[], None]:
        view: Any = solara.get_widget(element)
        session = Session(view, lang)
        kept.current = session
        view.on_msg(lambda _view, message, _buffers: session.ask(message))
        session.start()
        return session.end

    solara.use_effect(open_session, [])
    solara.use_effect(lambda: kept.current.ask({"do": "language", "lang": lang}) if kept.current else None, [lang])


def running() -> int:
    """How many sessions have a thread now: for tests of what a closed tab leaves behind."""
    return sum(thread.name == "learnweave-explore" and thread.is_alive() for thread in threading.enumerate())
