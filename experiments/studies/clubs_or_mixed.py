"""Clubs of those who wear the same hat, mixed groups around one question, or first the one and then the other?

Run it with ``python -m experiments.studies.clubs_or_mixed``; it goes on where it stopped. Copy it, change the lines below, and it answers
another question.
"""

from __future__ import annotations

from dataclasses import replace

from experiments.compare import Comparison
from experiments.lineup import line_up
from experiments.studies.pull_or_grow import publish

# The question: one board, two years. The same leader hours for clubs with hats, for mixed groups, or a year of each. What comes back to
# class, and what remains between schools?
ASKED = ("mixed_groups", "clubs", "clubs_first")
QUESTION = replace(line_up(Comparison(replicates=60, worlds=60), ASKED), name="clubs_or_mixed")

if __name__ == "__main__":
    publish(QUESTION, ASKED)
