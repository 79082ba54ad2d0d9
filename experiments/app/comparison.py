"""The page that compares: choose ways of leading, run worlds in the background, read the answer on one page, print it."""

from __future__ import annotations

import shutil
import tempfile
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import solara
from solara.lab import use_task

from experiments.catalogue import load_shipped
from experiments.compare import Comparison
from experiments.executors import workers_at_hand
from experiments.lineup import line_up
from experiments.reading import read_findings
from experiments.report import look_at_networks, render
from experiments.studies.pull_or_grow import find_out
from experiments.texts import Texts, texts
from experiments.words import capital, policy_name
from model.policies import POLICIES

FEWEST, MOST = 2, 4
WORLDS, MOST_WORLDS = 20, 100
FIRST = ("strong_pull", "nurtured", "on_its_own")
"""What is chosen at first; the answer speaks of the second against the first."""
FRAME = "width:100%;height:calc(100vh - 7rem);min-height:40rem;border:1px solid #D8DEE2;border-radius:.5rem;background:#FBFCFB"
"""How the answer is shown: a page of its own, with its own print button."""


class Stopped(Exception):
    """Somebody pressed stop, or closed the page."""


@dataclass
class Work:
    """One session: where its runs lie, and whether it should go on."""

    folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="learnweave-")))
    stop: threading.Event = field(default_factory=threading.Event)

    def end(self) -> None:
        """Stop what runs, and leave nothing behind."""
        self.stop.set()
        shutil.rmtree(self.folder, ignore_errors=True)


def choices(words: Texts) -> dict[str, str]:
    """What can be compared: what is shown → its id, policies first."""
    ways = {capital(policy_name(policy, words)): policy for policy in POLICIES}
    scenarios = {words("report.app.scenario", title=one.text("title", words.language)): name for name, one in load_shipped().items()}
    return ways | scenarios


def ask(names: Sequence[str], worlds: int) -> Comparison:
    """The comparison of some names, with as many worlds at the defaults as across what we do not know.

    Raises:
        ValueError: where they cannot be paired, in words.
    """
    return replace(line_up(Comparison(replicates=worlds, worlds=worlds), tuple(names)), replicates=worlds, worlds=worlds)


def answer(comparison: Comparison, work: Work, words: Texts, progress: Callable[[int], None], workers: int | None = None) -> str:
    """Run what is missing, and give the page with the answer.

    Raises:
        Stopped: as soon as a run is done after `work.stop` was set; what was done is kept.
    """

    def count(more: int) -> None:
        progress(more)
        if work.stop.is_set():
            raise Stopped

    place = work.folder / f"{comparison.name}-{comparison.replicates}"
    place.mkdir(parents=True, exist_ok=True)
    find_out(comparison, place, workers or workers_at_hand(), count, ["compare", *comparison.policies])
    findings = read_findings(place)
    return render(findings, words, *look_at_networks(findings))


@solara.component
def Page(lang: str = "nl") -> None:
    """The whole page, in one language."""
    words = texts(lang)
    known = solara.use_memo(lambda: choices(words), [lang])
    work = solara.use_memo(Work, [])
    solara.use_effect(lambda: work.end, [])
    names = {name: shown for shown, name in known.items()}
    chosen, set_chosen = solara.use_state([*FIRST])
    worlds = solara.use_reactive(WORLDS)
    done = solara.use_reactive(0)

    def compare() -> str:
        work.stop.clear()
        done.value = 0
        try:
            return answer(ask(chosen, worlds.value), work, words, lambda more: done.set(done.value + more))
        except Stopped:
            return ""

    task = use_task(compare, dependencies=None, raise_error=False)
    fits = FEWEST <= len(chosen) <= MOST
    with solara.Column(gap="1rem", style={"padding": "1rem 2rem"}):
        solara.Text(words("report.app.intro"))
        solara.SelectMultiple(
            words("report.app.ways"),
            [names[one] for one in chosen],
            list(known),
            on_value=lambda shown: set_chosen([known[one] for one in shown]),
        )
        solara.SliderInt(words("report.app.worlds", worlds=worlds.value), value=worlds, min=10, max=MOST_WORLDS, step=10)
        with solara.Row(gap="1rem"):
            solara.Button(words("report.app.compare"), on_click=task, color="primary", disabled=task.pending or not fits)
            solara.Button(words("report.app.stop"), on_click=work.stop.set, outlined=True, disabled=not task.pending)
        _Outcome(words, task, done.value, 2 * worlds.value, fits)


@solara.component
def _Outcome(words: Texts, task: Any, done: int, total: int, fits: bool) -> None:
    """How far it is, what went wrong, or the answer."""
    if not fits:
        solara.Text(words("report.app.too_few"))
    if task.pending:
        solara.ProgressLinear(100 * done / total if done else True)
        solara.Text(words("report.app.busy", done=done, total=total) if done else words("report.app.fitting"))
    elif task.error:
        solara.Error(str(task.exception))
    elif task.finished and task.value:
        solara.HTML(tag="iframe", style=FRAME, attributes={"srcdoc": task.value, "title": words("report.app.frame")})
    elif task.finished:
        solara.Text(words("report.app.stopped"))
