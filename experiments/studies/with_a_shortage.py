"""Ten percent vacancies and one school without a leader: is a small network still worth it?

Run it with ``python -m experiments.studies.with_a_shortage``; it goes on where it stopped. Copy it, change the lines below, and it answers
another question.
"""

from __future__ import annotations

from dataclasses import replace

from experiments.compare import Comparison
from experiments.lineup import line_up
from experiments.studies.pull_or_grow import publish

# The question: the world of the scenario `shortage`, woven, left alone, or pulled; same people, same shortage, same leader hours.
ASKED = ("shortage", "on_its_own", "strong_pull")
QUESTION = replace(line_up(Comparison(replicates=60, worlds=60), ASKED), name="with_a_shortage")

if __name__ == "__main__":
    publish(QUESTION, ASKED)
