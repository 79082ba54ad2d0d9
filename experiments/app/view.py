"""What every widget of the app has in common: a setting that changes seldom, a state, and a frame of bytes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import anywidget
import solara
import traitlets

from experiments.app.tab import Tab


class TabView(anywidget.AnyWidget):
    """A page in the browser.

    Attributes:
        setting: what changes seldom; state: what is shown now; frame: ties of the networks on it.
    """

    setting = traitlets.Dict().tag(sync=True)
    state = traitlets.Dict().tag(sync=True)
    frame = traitlets.Bytes(b"").tag(sync=True)

    def show(self, state: Mapping[str, Any], frame: bytes) -> None:
        """Put a week on the screen, words and picture at once."""
        with self.hold_sync():
            self.state = dict(state)
            self.frame = frame

    def set(self, setting: Mapping[str, Any]) -> None:
        """Put on the screen what changes seldom."""
        self.setting = dict(setting)


def use_tab(view: type[TabView], tab: Callable[[Any, str], Tab], lang: str) -> None:
    """Show a tab in the component that calls this: begun when it appears, told when the language changes, ended when it goes."""
    kept = solara.use_ref(None)
    element = view.element()

    def open_tab() -> Callable[[], None]:
        shown: Any = solara.get_widget(element)
        opened: Any = tab(shown, lang)
        kept.current = opened
        shown.on_msg(lambda _view, message, _buffers: opened.ask(message))
        opened.start()
        return opened.end  # type: ignore[no-any-return]

    solara.use_effect(open_tab, [])
    solara.use_effect(lambda: kept.current.ask({"do": "language", "lang": lang}) if kept.current else None, [lang])
