"""The page Workshop: one table's game on one slide."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import solara

from experiments.app.explore_view import CANVAS, HERE, module
from experiments.app.view import TabView
from experiments.app.workshop_session import WorkshopTab


class WorkshopView(TabView):
    """The slide in the browser: `frame` holds the ties of one network as `twins.RECORD`s."""

    _esm = module(CANVAS, HERE / "pieces.js", HERE / "network_view.js", HERE / "workshop.js")
    _css = (HERE / "workshop.css").read_text(encoding="utf-8")


@solara.component
def Page(lang: str = "nl") -> None:
    """The workshop, in one language; the game stays when the language changes."""
    kept = solara.use_ref(None)
    element = WorkshopView.element()

    def open_tab() -> Callable[[], None]:
        view: Any = solara.get_widget(element)
        tab = WorkshopTab(view, lang)
        kept.current = tab
        view.on_msg(lambda _view, message, _buffers: tab.ask(message))
        tab.start()
        return tab.end

    solara.use_effect(open_tab, [])
    solara.use_effect(lambda: kept.current.ask({"do": "language", "lang": lang}) if kept.current else None, [lang])
