"""The frame around every page of the app: its name, the pages, the language, and that this is a thinking tool."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path

import solara

from experiments.app import comparison, explore_page
from experiments.texts import LANGUAGES, texts

LANGUAGE = "LEARNWEAVE_LANG"
"""Environment variable with the language that the app begins in."""
PAGES: Mapping[str, Callable[[str], object]] = {"explore": explore_page.Page, "compare": comparison.Page}
STYLE = (Path(__file__).parent / "frame.css").read_text(encoding="utf-8")


@solara.component
def Layout(children: list[solara.Element] | None = None) -> solara.Element:
    """Nothing around the page: the frame is our own."""
    return solara.Div(children=children or [])


@solara.component
def Page() -> None:
    """The whole app."""
    start = os.environ.get(LANGUAGE, "nl")
    lang, set_lang = solara.use_state(start if start in LANGUAGES else "nl")
    page, set_page = solara.use_state(next(iter(PAGES)))
    words = texts(lang)
    solara.Title(words("app.title"))
    solara.Style(STYLE)
    with solara.Column(gap="0", margin=0, style={"min-height": "100vh"}):
        with solara.Row(classes=["lw-top"]):
            solara.HTML(tag="b", unsafe_innerHTML=words("app.title"))
            for name in PAGES:
                solara.Button(words(f"app.pages.{name}"), on_click=lambda name=name: set_page(name), classes=["on"] if name == page else [])
            solara.HTML(tag="span", unsafe_innerHTML=words("general.thinking_tool"), classes=["notice"])
            for one in LANGUAGES:
                marked = ["on"] if one == lang else []
                solara.Button(one.upper(), on_click=lambda one=one: set_lang(one), classes=marked, attributes={"lang": one})
        PAGES[page](lang)


routes = [solara.Route(path="/", component=Page, layout=Layout)]
"""One page, whatever files lie beside this one."""
