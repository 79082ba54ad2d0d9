"""How the app is served: from this computer to this computer, without the network, and without telling anybody."""

from __future__ import annotations

import os
import socket
import sys
import threading
import warnings
import webbrowser
from collections.abc import Callable
from pathlib import Path
from typing import Any

HOST = "127.0.0.1"
PORT = 8765
TRIED = 20
"""Ports tried, from the first, where nobody asks for one."""
LANGUAGE = "LEARNWEAVE_LANG"
"""Environment variable with the language in which pages begin."""
WAIT_FOR_LOST = "90s"
"""How long the world of a page whose connection was lost is kept; a page that was closed ends at once."""
_HERE = Path(__file__).parent
_SETTINGS: dict[str, dict[str, Any]] = {
    "main": {"mode": "production", "host": HOST},
    "telemetry": {"mixpanel_enable": False},
    "theme": {"show_banner": False, "title": "learnweave", "loader": "plain"},
    "kernel": {"cull_timeout": WAIT_FOR_LOST},
    "assets": {"fontawesome_enabled": True, "extra_locations": [str(_HERE / "assets"), str(_HERE.parent / "fonts")]},
}
_PREFIX = {"main": "SOLARA_"}


class PortError(ValueError):
    """The port asked for cannot be used."""


def settle() -> None:
    """Set Solara as this app needs it, before or after it is imported; what a person set in the environment goes first."""
    warnings.filterwarnings("ignore", "Cookies with samesite=none", UserWarning)
    os.environ.setdefault("SOLARA_TELEMETRY_MIXPANEL_ENABLE", "False")
    from solara.server import settings

    for group, values in _SETTINGS.items():
        for name, value in values.items():
            variable = f"{_PREFIX.get(group, f'SOLARA_{group.upper()}_')}{name.upper()}"
            if group == "telemetry" or variable not in os.environ:
                setattr(getattr(settings, group), name, value)


def first_language() -> str:
    """The language in which a page begins: Dutch unless the command said otherwise."""
    from experiments.texts import LANGUAGES

    asked = os.environ.get(LANGUAGE, LANGUAGES[0])
    return asked if asked in LANGUAGES else LANGUAGES[0]


def bind(port: int | None) -> socket.socket:
    """A socket on this computer alone: on the port asked for, or else on the first that is free.

    Raises:
        PortError: where the port is taken, naming what to do.
    """
    for number in (port,) if port is not None else (*range(PORT, PORT + TRIED), 0):
        one = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        if sys.platform != "win32":  # there it would let two programs share a port
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            one.bind((HOST, number))
        except OSError as error:
            one.close()
            if port is not None:
                raise PortError(f"--port {port}: cannot be used ({error.strerror}); leave it out, and a free one is chosen") from None
            continue
        return one
    raise PortError("no free port was found")


def serve(language: str, port: int | None, browser: bool, tell: Callable[[str], None]) -> None:
    """Serve the app until it is interrupted.

    Args:
        language: in which pages begin.
        port: None for the first that is free.
        browser: whether a browser is opened as soon as the app answers.
        tell: is given the address.

    Raises:
        PortError: where the port is taken.
    """
    os.environ[LANGUAGE] = language
    os.environ["SOLARA_APP"] = "experiments.app"
    taken = bind(port)
    settle()
    import uvicorn
    from solara.server.starlette import app

    address = f"http://{HOST}:{taken.getsockname()[1]}"

    class Server(uvicorn.Server):
        """Says where the app is as soon as it answers, then readies the model."""

        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets=sockets)
            if self.started:
                tell(address)
                if browser:
                    threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()
                threading.Thread(target=warm_up, daemon=True).start()

    config = uvicorn.Config(app, host=HOST, log_level="warning", timeout_graceful_shutdown=2)
    Server(config).run(sockets=[taken])


def warm_up() -> None:
    """Have ready what the first page shows: the model's compiled parts, and the world that pages begin with."""
    from experiments.app.twins import Setup, Twins
    from experiments.workshop.game import Start, resting_world

    resting_world(Start())
    Twins(Setup()).go_to(3)
