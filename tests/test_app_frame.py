"""What stands around the pages: what an address asks for, the port, the settings of the server, and the command."""

from __future__ import annotations

import subprocess
import sys

import pytest
from click.testing import CliRunner

from experiments.app.frame import PAGES, asked, page
from experiments.app.serving import HOST, LANGUAGE, PORT, PortError, bind, first_language
from experiments.cli import main


def test_an_address_asks_for_a_page_and_a_language_that_exist():
    assert asked("?page=explore&lang=en") == {"page": "explore", "lang": "en"}
    assert asked("?page=nowhere&lang=fr&x") == {} and asked(None) == {}


def test_every_page_there_is_takes_a_language():
    assert list(PAGES) == ["workshop", "explore", "compare"]
    assert all(callable(page(name)) for name in PAGES)


def test_only_this_computer_is_answered_and_a_taken_port_is_told():
    with bind(None) as first:
        host, port = first.getsockname()
        first.listen()
        assert host == HOST == "127.0.0.1"
        with pytest.raises(PortError, match=f"--port {port}.*leave it out"):
            bind(port)
        with bind(None) as second:
            assert second.getsockname()[1] != port
    assert PORT == 8765


def test_pages_begin_in_dutch_unless_told_otherwise(monkeypatch):
    monkeypatch.delenv(LANGUAGE, raising=False)
    assert first_language() == "nl"
    monkeypatch.setenv(LANGUAGE, "en")
    assert first_language() == "en"
    monkeypatch.setenv(LANGUAGE, "fr")
    assert first_language() == "nl"


def test_the_command_tells_of_a_taken_port():
    with bind(None) as taken:
        taken.listen()
        told = CliRunner().invoke(main, ["app", "--no-browser", "--port", str(taken.getsockname()[1])])
    assert told.exit_code == 1 and "cannot be used" in told.output


def test_nothing_is_reported_to_anybody_however_the_app_is_started():
    """Also where Solara's own command imports its settings before this package."""
    code = (
        "from solara.server import settings\n"
        "import experiments.app\n"
        "print(settings.telemetry.mixpanel_enable, settings.main.mode, settings.theme.show_banner, settings.kernel.cull_timeout)"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=True).stdout
    assert shown.split() == ["False", "production", "False", "90s"]
