"""How fast the app is: `python -m tests.app_bench`. From a click to the next week's picture, ten visitors at once, memory of each.

Measured in the system's Chromium against the app in a process of its own, on whatever machine it is run; nothing is asserted.
"""

from __future__ import annotations

import argparse
import json
import re
import statistics
import sys
import threading
import time
import uuid
from contextlib import ExitStack
from typing import Any

from websockets.sync.client import connect

from tests.browsing import App, Watched, browser

CLICKS = 50
VISITORS, SPEED, SECONDS = 10, 4, 10
SIZES = (85, 300, 1_000, 2_000)
_CLICK = """() => new Promise((done) => {
  const root = document.querySelector(".lw-explore"), was = root.dataset.week, start = performance.now();
  document.querySelectorAll(".ctl button")[3].click();
  const drawn = () => requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - start)));
  const look = () => (root.dataset.week === was ? setTimeout(look, 1) : drawn());
  look();
})"""
"""From the click on "one week on" to the second frame after the page has the week: the picture is on the screen by then."""


def people(number: int) -> bytes:
    """A file of so many people, in schools of fourteen."""
    rows = [f"p{at},s{at // 14},{at % 14 // 5},{'school_leader' if at % 14 == 0 else 'teacher'}" for at in range(number)]
    return "\n".join(["id,school,team,role", *rows]).encode()


def week_to_picture(app: App, number: int) -> list[float]:
    """Milliseconds from click to picture, for each of `CLICKS` weeks, with so many people."""
    with browser() as made:
        page = Watched(made.new_context(viewport={"width": 1600, "height": 900}), app.address).open("explore", "nl").page
        page.wait_for_selector(".lw-explore[data-week] canvas.network", timeout=120_000)
        if number != SIZES[0]:
            page.set_input_files("#lw-own", {"name": "people.csv", "mimeType": "text/csv", "buffer": people(number)})
            page.wait_for_selector("[data-own=show]", timeout=60_000)
            page.click("[data-own=show]")
            page.wait_for_function(f"document.querySelectorAll('.card option').length === {number + 1}", timeout=300_000)
        page.wait_for_timeout(1_000)
        return [float(page.evaluate(_CLICK)) for _ in range(CLICKS)]


class Visitor:
    """A page of Explore without a browser: says what a browser says, and counts the weeks that come."""

    def __init__(self, app: App) -> None:
        self.session, self.comm, self.weeks = str(uuid.uuid4()), "", {}
        where = app.address.replace("http", "ws")
        self.opened = ExitStack()
        address = f"{where}/jupyter/api/kernels/{uuid.uuid4()}/channels?session_id={self.session}"
        self.line = self.opened.enter_context(connect(address, max_size=None))
        control = uuid.uuid4().hex
        self.send("comm_open", {"comm_id": control, "target_name": "solara.control", "data": {}})
        asked = {"path": "/?page=explore&lang=en", "dark": False, "themes": {"light": {}, "dark": {}}, "appName": None}
        self.send("comm_msg", {"comm_id": control, "data": {"method": "run", "args": asked}})
        self.listener = threading.Thread(target=self.listen, daemon=True)
        self.listener.start()

    def send(self, kind: str, content: dict[str, Any]) -> None:
        """One message of the protocol between page and server."""
        header = {
            "msg_id": str(uuid.uuid4()), "msg_type": kind, "session": self.session, "username": "", "version": "5.2",
            "date": "2026-01-01T00:00:00Z",
        }  # fmt: skip
        self.line.send(
            json.dumps({"buffers": [], "channel": "shell", "content": content, "header": header, "metadata": {}, "parent_header": {}})
        )

    def ask(self, **message: object) -> None:
        """What a button sends."""
        self.send("comm_msg", {"comm_id": self.comm, "data": {"method": "custom", "content": message}})

    def listen(self) -> None:
        """Note when each week came first."""
        try:
            for told in self.line:
                text = told if isinstance(told, str) else told.decode("utf-8", "replace")
                if not self.comm and "ExploreView" in text and (found := re.search(r'"comm_id": "([0-9a-f]+)"', text)):
                    self.comm = found[1]
                if self.comm and (found := re.search(r'"week": (\d+)', text)):
                    self.weeks.setdefault(int(found[1]), time.monotonic())
        except Exception as error:  # noqa: BLE001 - a line that ends is the end of a visit
            print("line ended:", error, file=sys.stderr)


def many_at_once(app: App) -> dict[str, float]:
    """Ten visitors who play at once: weeks a second of the slowest and in the middle, memory of each, and what is left after."""
    before = app.megabytes()
    visitors = [Visitor(app) for _ in range(VISITORS)]
    while not all(visitor.comm and visitor.weeks for visitor in visitors):
        time.sleep(0.1)
    time.sleep(2)
    for visitor in visitors:
        visitor.ask(do="speed", value=SPEED)
        visitor.ask(do="play", on=True)
    used, start = app.busy(), time.monotonic()
    time.sleep(SECONDS)
    spent = (app.busy() - used) / (time.monotonic() - start)
    speeds = [(len(times) - 1) / (times[-1] - times[0]) for visitor in visitors if len(times := sorted(visitor.weeks.values())[1:]) > 1]
    memory = (app.megabytes() - before) / VISITORS
    for visitor in visitors:
        visitor.opened.close()
    time.sleep(14)  # the app under test forgets a lost page after ten seconds
    return {
        "slowest": min(speeds), "middle": statistics.median(speeds), "cpu": spent, "each": memory, "left": app.megabytes() - before,
    }  # fmt: skip


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, nargs="*", default=SIZES, help="numbers of people to time pictures with")
    parser.add_argument("--no-visitors", action="store_true", help="leave out the ten visitors")
    asked = parser.parse_args()
    app = App()
    try:
        for number in asked.people:
            took = sorted(week_to_picture(app, number))
            middle, most = statistics.median(took), took[-CLICKS // 10]
            print(f"{number:5} people: week to picture {middle:.0f} ms (median of {CLICKS}), nine in ten below {most:.0f} ms")
        if not asked.no_visitors:
            found = many_at_once(app)
            print(f"{VISITORS} visitors at {SPEED} weeks a second: slowest {found['slowest']:.2f}, middle {found['middle']:.2f}")
            print(f"{found['cpu']:.2f} cores; {found['each']:.1f} MB each, {found['left']:.0f} MB more than before once they left")
    finally:
        app.end()


if __name__ == "__main__":
    main()
