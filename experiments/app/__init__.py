"""The app for workshops and for exploring: `learnweave app`, or `solara run experiments.app`."""

from experiments.app.settings import keep_to_this_machine

keep_to_this_machine()

from experiments.app.frame import Layout, Page, routes  # noqa: E402 - the settings must be there before Solara's server is imported

__all__ = ["Layout", "Page", "routes"]
