"""One tab of a visitor: a thread of its own that owns what is shown, and does what the page asks, one thing after another.

Messages come through a queue, so that nothing is ever locked; closing the tab ends the thread.
"""

from __future__ import annotations

import queue
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Protocol

from experiments.texts import texts

Message = Mapping[str, Any]
LAST_WEEK = 2.0
"""Seconds that a closed tab is waited for at most."""


class View(Protocol):
    """What shows a tab."""

    def show(self, state: Mapping[str, Any], frame: bytes) -> None:
        """What changes all the time: words and numbers, and a picture."""

    def set(self, setting: Mapping[str, Any]) -> None:
        """What changes seldom: people, words, what can be chosen."""


class Tab(ABC):
    """What every tab does.

    Args:
        view: what shows it; lang: language it is told in.

    Attributes:
        actions: what can be asked, by the word `do` of a message.
        stopped: set once the tab is closed; whatever takes long looks at it.
        problem: what could not be done, in words.
    """

    actions: ClassVar[Mapping[str, Callable[[Any, Message], None]]] = {}
    name: ClassVar[str] = "learnweave-tab"

    def __init__(self, view: View, lang: str = "nl") -> None:
        self.view, self.words, self.problem = view, texts(lang), ""
        self.stopped = threading.Event()
        self._asked: queue.Queue[Message | None] = queue.Queue()
        self._thread = threading.Thread(target=self._work, name=self.name, daemon=True)

    def start(self) -> None:
        """Begin to listen; the first thing done is "begin"."""
        self._asked.put({"do": "begin"})
        self._thread.start()

    def ask(self, message: Message) -> None:
        """Have something done; anything that is not understood is let go."""
        self._asked.put(dict(message))

    def end(self) -> None:
        """Stop: the thread ends after the week it is in, and what it owned is let go.

        Waits for that a moment: Solara clears what it knows of a closed tab's threads, and fails where one ends while it does.
        """
        self.stopped.set()
        self._asked.put(None)
        if self._thread.is_alive() and self._thread is not threading.current_thread():
            self._thread.join(LAST_WEEK)

    def wait(self) -> None:
        """Wait until the thread has ended."""
        self._thread.join()

    def pause(self) -> float | None:
        """Seconds after which `tick` is due; None: not before something is asked."""
        return None

    @abstractmethod
    def let_go(self) -> None:
        """Give back what takes memory."""

    @abstractmethod
    def before(self) -> None:
        """Get ready for the next thing asked."""

    @abstractmethod
    def show(self) -> None:
        """Put what is on the screen now."""

    def _work(self) -> None:
        while not self.stopped.is_set():
            try:
                message = self._asked.get(timeout=self.pause())
            except queue.Empty:
                message = {"do": "tick"}
            if message is not None and not self.stopped.is_set():
                self.obey(message)
        self.let_go()

    def obey(self, message: Message) -> None:
        """Do one thing, and show what came of it."""
        self.problem = ""
        self.before()
        do = self.actions.get(str(message.get("do")))
        if do is None:
            return
        try:
            do(self, message)
        except ValueError as error:  # what somebody chose cannot be: told, and everything stays as it was
            self.problem = str(error)
        except Exception as error:  # noqa: BLE001 - whatever breaks must not take the page with it
            self.problem = self.words("app.broke", error=f"{type(error).__name__}: {error}")
        if not self.stopped.is_set():
            self.show()
