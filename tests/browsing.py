"""What tests in a real browser share: the app as a process of its own, and a Chromium that reports whatever goes wrong on a page."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
HARMLESS = ("Failed to evaluate Vue script",)
"""What Solara's own templates say on every page."""

KEEP_SOCKETS = """
const Real = WebSocket;
window.lines = [];
window.WebSocket = class extends Real { constructor(...given) { super(...given); window.lines.push(this); } };
"""
"""Lets a test cut the connection."""
LOST_FOR = "10s"
"""How long the app under test keeps the worlds of a page that it lost."""


def chromium() -> str:
    """The system's Chromium; tests are skipped without one, but not where one is promised."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        if os.environ.get("LEARNWEAVE_NEEDS_BROWSER"):
            pytest.fail("LEARNWEAVE_NEEDS_BROWSER is set, and there is no Chromium")
        pytest.skip("needs Chromium")
    return found


class App:
    """The app in a process of its own."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "experiments.cli", "app", "--no-browser"]
        settings = os.environ | {"SOLARA_KERNEL_CULL_TIMEOUT": LOST_FOR}
        self.process = subprocess.Popen(command, cwd=ROOT, env=settings, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.told: list[str] = []
        ready = threading.Event()
        threading.Thread(target=self._listen, args=(ready,), daemon=True).start()
        if not ready.wait(90):
            self.end()
            raise RuntimeError("the app did not start:\n" + "".join(self.told))
        self.address = re.findall(r"http://[\d.:]+", "".join(self.told))[0]

    def _listen(self, ready: threading.Event) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.told.append(line)
            if "http://127.0.0.1" in line:
                ready.set()

    def threads(self) -> int:
        """Threads of the process now."""
        return len(list(Path(f"/proc/{self.process.pid}/task").iterdir()))

    def pages(self) -> int:
        """Pages that the server keeps something for."""
        with urllib.request.urlopen(f"{self.address}/resourcez", timeout=10) as answer:
            return int(json.load(answer)["kernels"]["total"])

    def busy(self) -> float:
        """Seconds of CPU used so far."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def megabytes(self) -> float:
        """Memory in use now."""
        found = re.findall(r"VmRSS:\s+(\d+)", Path(f"/proc/{self.process.pid}/status").read_text())
        return int(found[0]) / 1024

    def end(self) -> None:
        """Stop it."""
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(10)


class Watched:
    """A page, and everything that went wrong on it."""

    def __init__(self, context, address: str) -> None:
        self.page, self.address, self.wrong = context.new_page(), address, []
        self.page.add_init_script(KEEP_SOCKETS)
        self.page.on("console", lambda told: self._note(told.type == "error", told.text))
        self.page.on("pageerror", lambda error: self._note(True, str(error)))
        self.page.on(
            "requestfailed",
            lambda asked: self._note("beacon" not in asked.resource_type and "close" not in asked.url, f"failed {asked.url}"),
        )
        self.page.on("response", lambda answer: self._note(answer.status >= 400, f"{answer.status} {answer.url}"))
        self.page.on("request", lambda asked: self._note(not asked.url.startswith((address, "data:", "blob:")), f"left {asked.url}"))

    def _note(self, wrong: bool, told: str) -> None:
        if wrong and not told.startswith(HARMLESS):
            self.wrong.append(told)

    def open(self, page: str, lang: str) -> Watched:
        """Go to a page of the app, without waiting for it."""
        self.page.goto(f"{self.address}/?page={page}&lang={lang}", wait_until="commit")
        return self


@contextmanager
def browser() -> Iterator:
    """Chromium, driven by Playwright."""
    from playwright.sync_api import sync_playwright

    where = chromium()
    with sync_playwright() as driver:
        made = driver.chromium.launch(executable_path=where, args=FLAGS)
        yield made
        made.close()


def free_port() -> int:
    """A port that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
