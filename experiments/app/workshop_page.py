"""The page of the workshop: one slide for a room, each tab a table of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import solara

from experiments.app.workshop_session import Workshop
from experiments.app.workshop_view import WorkshopView


@solara.component
def Page(lang: str = "nl") -> None:
    """The workshop, in one language; the game stays when the language changes."""
    kept = solara.use_ref(None)
    element = WorkshopView.element()

    def open_session() -> Callable[[], None]:
        view: Any = solara.get_widget(element)
        session = Workshop(view, lang)
        kept.current = session
        view.on_msg(lambda _view, message, _buffers: session.ask(message))
        session.start()
        return session.end

    solara.use_effect(open_session, [])
    solara.use_effect(lambda: kept.current.ask({"do": "language", "lang": lang}) if kept.current else None, [lang])
