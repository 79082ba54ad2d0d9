"""People and ties of one's own, as a start to explore: read, checked whole, and shown under fictional names only.

Files come from the browser as text. The readers take files, so they pass through a private folder that is gone before anything is
shown; nothing else is ever written.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from experiments.texts import Texts
from model.region import Region
from model.rosters import read_graphml, read_roster
from model.tables import RosterError

MOST_BYTES, MOST_PEOPLE = 2_000_000, 2_000
MOST_TOLD = 12
"""Problems of a file that are told at once."""


def read_own(files: Mapping[str, str], words: Texts) -> Region:
    """The region that uploaded files tell of: a .graphml, or a .csv of people with perhaps one of ties.

    Args:
        files: name → text, as the browser read them.

    Raises:
        ValueError: every problem, with file, row and value; or that these files cannot be used together.
    """
    if sum(len(text.encode()) for text in files.values()) > MOST_BYTES:
        raise ValueError(words("app.own.too_large", megabytes=words.number(MOST_BYTES / 1e6)))
    graphs = [name for name in files if name.lower().endswith((".graphml", ".xml"))]
    tables = [name for name in files if name.lower().endswith(".csv")]
    if len(graphs) + len(tables) != len(files) or len(graphs) > 1 or len(tables) > 2 or (graphs and tables) or not files:
        raise ValueError(words("app.own.which", names=", ".join(files) or "–"))
    with tempfile.TemporaryDirectory(prefix="learnweave-") as place:
        paths = []
        for name in [*graphs, *sorted(tables, key=lambda name: _is_ties(files[name]))]:
            path = Path(place) / Path(name).name
            path.write_text(files[name], encoding="utf-8")
            paths.append(path)
        try:
            region = read_graphml(paths[0]) if graphs else read_roster(paths[0], paths[1] if len(paths) > 1 else None)
        except RosterError as error:
            raise ValueError(_told(error.problems, words)) from None
    if region.people > MOST_PEOPLE:
        raise ValueError(words("app.own.too_many", people=region.people, most=MOST_PEOPLE))
    return region


def _told(problems: Sequence[str], words: Texts) -> str:
    """Every problem on a line of its own, the first so many where there are more."""
    lines = [f"– {problem}" for problem in problems[:MOST_TOLD]]
    if len(problems) > MOST_TOLD:
        lines.append(words("app.own.more", count=len(problems) - MOST_TOLD))
    return "\n".join([words("app.own.problems", count=len(problems)), *lines])


def _is_ties(text: str) -> bool:
    """Whether the header of a table is that of ties."""
    return "source" in text.partition("\n")[0].lower()
