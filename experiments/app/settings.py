"""How the server behaves: for this machine alone, telling nobody, and letting go of a closed tab soon."""

from __future__ import annotations

import os
from collections.abc import Mapping

SETTINGS: Mapping[str, str] = {
    "SOLARA_TELEMETRY_MIXPANEL_ENABLE": "False",
    "SOLARA_THEME_SHOW_BANNER": "False",
    "SOLARA_KERNEL_CULL_TIMEOUT": "5m",
}
"""Read by Solara when its server is imported. A tab that lost its connection finds its worlds again for five minutes."""


def keep_to_this_machine() -> None:
    """Set what the person who starts the app has not set otherwise."""
    for name, value in SETTINGS.items():
        os.environ.setdefault(name, value)
