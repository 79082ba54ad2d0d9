"""The app: pages that show a learning network as it grows, for people in one room. `learnweave app`, or `solara run experiments.app`.

Importing this package sets Solara so that no page asks the network and nothing is reported to anybody.
"""

from __future__ import annotations

from experiments.app.serving import settle

settle()

import solara  # noqa: E402 - Solara reads its settings when it is imported

from experiments.app.frame import Layout, Page  # noqa: E402

routes = [solara.Route(path="/", component=Page, layout=Layout, label="learnweave")]

__all__ = ["Layout", "Page", "routes", "settle"]
