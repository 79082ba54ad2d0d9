"""Policies strung together by week of leading: first pull, then nurture, then nobody."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from model.leading import Leader
from model.moves import Move
from model.people import PERIOD
from model.policies.policy import Policy, parse_policy

MOST_STAGES = 50
MOST_WEEKS = 2_000
"""Weeks of leading that a timeline may hold; fifty school years."""


@dataclass(frozen=True)
class Stage:
    """One part of a timeline.

    Attributes:
        policy: how is led.
        weeks: for how long.
        leader_hours: factor on the hours leaders receive meanwhile; within a school year what they do not use is kept for a later stage.
    """

    policy: Policy
    weeks: int
    leader_hours: float = 1.0

    def __post_init__(self) -> None:
        if problems := check_stage(self.weeks, self.leader_hours):
            raise ValueError("stage: " + "; ".join(problems))


class Timeline(Policy):
    """Stages that follow each other by week of leading; when the last is over, nobody leads.

    What leaders have seen and whom they have helped goes with them from stage to stage.

    Args:
        stages: one or more, in order.

    Raises:
        ValueError: without stages, with too many, or longer than `MOST_WEEKS`.
    """

    def __init__(self, stages: Sequence[Stage]) -> None:
        self.stages = tuple(stages)
        if not 1 <= len(self.stages) <= MOST_STAGES:
            raise ValueError(f"timeline of {len(self.stages)} stages: must be 1 to {MOST_STAGES}")
        if self.weeks > MOST_WEEKS:
            raise ValueError(f"timeline of {self.weeks} weeks: must be at most {MOST_WEEKS}")

    @property
    def weeks(self) -> int:
        """Weeks of leading: the sum over the stages."""
        return sum(stage.weeks for stage in self.stages)

    def at(self, week: int) -> Stage | None:
        """The stage of a week of leading, the first being 0; None when the last is over."""
        for stage in self.stages:
            if week < stage.weeks:
                return stage
            week -= stage.weeks
        return None

    def act(self, leader: Leader) -> Iterator[Move]:
        """The moves of the policy whose turn it is, with this stage's hours."""
        stage = self.at(leader.weeks_led)
        if stage is None:
            return
        if stage.leader_hours != 1.0:
            leader.hours += (stage.leader_hours - 1.0) * leader.constants.leader_hours / PERIOD
        yield from stage.policy.act(leader)


def parse_timeline(text: str) -> Timeline:
    """A timeline from its short form: "strong_pull:40, nurtured+compulsion=0.5:40, on_its_own:20".

    Raises:
        ValueError: naming every stage that breaks a rule, and the nearest policy.
    """
    stages, problems = [], []
    for number, part in enumerate(text.split(","), start=1):
        name, _, weeks = (piece.strip() for piece in part.partition(":"))
        try:
            if not weeks.isascii() or not weeks.isdigit() or len(weeks) > 6:
                raise ValueError(f"{part.strip()!r}: must be POLICY:WEEKS, such as nurtured:40")
            stages.append(Stage(parse_policy(name), int(weeks)))
        except ValueError as error:
            problems.append(f"stage {number}: {error}")
    if problems:
        raise ValueError(f"timeline {text!r}: " + "; ".join(problems))
    return Timeline(stages)


def read_policy(text: str) -> Policy:
    """The policy or the timeline that the text is the short form of."""
    return parse_timeline(text) if ":" in text else parse_policy(text)


def check_stage(weeks: object, leader_hours: object = 1.0) -> list[str]:
    """The rules that a stage's weeks and hours break, in words."""
    problems = []
    if isinstance(weeks, bool) or not isinstance(weeks, int) or not 1 <= weeks <= MOST_WEEKS:
        problems.append(f"weeks = {weeks!r}: must be a whole number, 1 to {MOST_WEEKS}")
    number = not isinstance(leader_hours, bool) and isinstance(leader_hours, (int, float)) and math.isfinite(leader_hours)
    if not number or not 0 <= leader_hours <= 20:  # type: ignore[operator]
        problems.append(f"leader_hours = {leader_hours!r}: must be a factor, 0 to 20")
    return problems
