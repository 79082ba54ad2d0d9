"""What stands around every page: its name, the ways in, what kind of thing this is, and the language."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Collection
from typing import Any

import solara

from experiments.app.serving import first_language
from experiments.texts import LANGUAGES, Texts, texts

PAGES = {"workshop": "experiments.app.workshop_page", "explore": "experiments.app.explore_page", "compare": "experiments.app.comparison"}
"""The pages in order, and the module of each; every module has a component `Page(lang)`."""


def page(name: str) -> Callable[..., Any]:
    """The component of a page, loaded when first asked for."""
    component: Callable[..., Any] = importlib.import_module(PAGES[name]).Page
    return component


def asked(search: str | None) -> dict[str, str]:
    """Page and language that an address asks for (`?page=explore&lang=en`), where they exist."""
    parts = dict(part.partition("=")[::2] for part in (search or "").lstrip("?").split("&"))
    known: dict[str, Collection[str]] = {"page": PAGES, "lang": LANGUAGES}
    return {name: parts[name] for name, values in known.items() if parts.get(name) in values}


@solara.component
def Layout(children: list[Any]) -> None:
    """Nothing but the page: the bar is our own."""
    solara.Div(children=children)


@solara.component
def Page() -> None:
    """The app in one tab of a browser. A page that was opened stays as it is while another is looked at."""
    first = asked(solara.use_router().search)
    language, set_language = solara.use_state(first.get("lang", first_language()))
    shown, set_shown = solara.use_state(first.get("page", next(iter(PAGES))))
    opened, set_opened = solara.use_state((shown,))
    words = texts(language)

    def show(name: str) -> None:
        set_opened((*opened, name) if name not in opened else opened)
        set_shown(name)

    with solara.Div(classes=["lw"]):
        solara.Title(f"{words(f'app.pages.{shown}')} · {words('app.title')}")
        with solara.Div(classes=["lw-bar"], attributes={"role": "banner", "lang": language}):
            solara.HTML(tag="span", unsafe_innerHTML=words("app.title"), classes=["lw-name"])
            with solara.Div(classes=["lw-tabs"], attributes={"role": "navigation"}):
                for name in PAGES:
                    _Choice(words(f"app.pages.{name}"), name == shown, lambda name=name: show(name), f"lw-tab-{name}")
            solara.HTML(tag="span", unsafe_innerHTML=words("general.thinking_tool"), classes=["lw-note"])
            _Languages(language, set_language, words)
        for name in opened:
            hidden = {} if name == shown else {"display": "none"}
            with solara.Div(classes=["lw-page", f"lw-page-{name}"], style=hidden, attributes={"lang": language, "role": "main"}).key(name):
                page(name)(language)


@solara.component
def _Languages(language: str, choose: Callable[[str], None], words: Texts) -> None:
    with solara.Div(classes=["lw-languages"], attributes={"role": "group", "aria-label": words("app.language")}):
        for one in LANGUAGES:
            _Choice(one.upper(), one == language, lambda one=one: choose(one), f"lw-lang-{one}")


@solara.component
def _Choice(label: str, chosen: bool, choose: Callable[[], None], name: str) -> None:
    """One of a row of buttons, of which one is chosen."""
    solara.Button(
        label, on_click=choose, text=True, classes=["lw-choice", name, *(["lw-chosen"] if chosen else [])],
        attributes={"aria-pressed": str(chosen).lower()},
    )  # fmt: skip
