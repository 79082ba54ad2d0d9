"""A region has money for two years: which form of steering leaves most when it ends?

Run it with ``python -m experiments.studies.subsidy_ends``; it goes on where it stopped. Copy it, change the lines below, and it answers
another question.
"""

from __future__ import annotations

from dataclasses import replace

from experiments.compare import Comparison
from experiments.lineup import line_up
from experiments.studies.pull_or_grow import publish

# The question: three boards with four schools each, two years of money, a year after it. A network office, a lead school, or all schools
# together decide and pay; what they do with the hours that are left is the same mixed work across schools. The scenarios say the rest.
ASKED = ("subsidy_ends", "subsidy_lead_school", "subsidy_together")
QUESTION = replace(line_up(Comparison(replicates=60, worlds=60), ASKED), name="subsidy_ends")

if __name__ == "__main__":
    publish(QUESTION, ASKED)
