"""The model: a region of educators whose learning ties grow week by week, under a way of leading."""

from __future__ import annotations

import copy
from collections.abc import Container, Iterator, Sequence
from functools import partial

import mesa
import networkx as nx
import numpy as np
from numpy.typing import NDArray

from model.agents import KINDS, Educator
from model.attendance import spend_together
from model.choice import choose
from model.dependence import measure_dependence
from model.events import Calendar, Event, check_places
from model.graphs import to_networkx
from model.growth import begin_week, feel, learn, work
from model.leading import Leader
from model.load import measure_load
from model.measures import WEEKLY, measure_network, measure_people
from model.meetings import Agenda, Gatherings
from model.moves import MOVES, Move
from model.parameters import Parameters
from model.people import draw_people, is_leader
from model.policies import Policy
from model.policies.timeline import Timeline, read_policy
from model.randomness import Purpose, draw_each, purpose_key, world_key
from model.region import FirstTies, Region, Role, generate_region
from model.start import begin_ties, take_over
from model.ties import drop_everyone_who_left, tie_table
from model.world import make_world, take_stock

YEAR = 40
"""School weeks in a year."""
NEVER_LED = 2**30
MOST_MOVES = 1_000
"""Moves one leader may try in a week: a policy that goes on for ever is told, and does not hang."""


class LearningNetwork(mesa.Model):
    """A region of schools whose professionals learn through ties. One step is one school week:

    1. lead: leaders spend hours on moves
    2. meet: moves and daily work give occasions
    3. choose: people add, drop or keep ties
    4. work: ties in contact grow, others fade
    5. learn: knowledge flows, practice follows
    6. feel: energy and belonging move; the week is measured
    7. end of a school year: people leave and are replaced

    Args:
        rng: seed, a whole number; the same seed gives the same world, byte for byte. None stands for 1: Mesa's `batch_run` passes
            it where no seed is asked for.
        replicate: number of the world under this seed.
        policy: id of a way of leading, the short form of a timeline ("strong_pull:40, nurtured:40"), or a `Policy`.
        region: who works where; by default one board with six schools of fourteen.
        parameters: all numbers of the model; single ones may also be given by name (`crowding=0.1`).
        start: "sparse", "empty" or "dense" first ties, where the region brings none of its own.
        grow_weeks: weeks of growth without leading that come first.
        lead_weeks: weeks of leading after that, then nobody leads; a timeline has its own, else a school year.
        events: what happens meanwhile, by week of leading.
        collect: whether each week's measures are kept in `datacollector`.

    Attributes:
        world: the arrays everything reads and writes.
        week: the week it is; the same as Mesa's `steps`.
        leaders: who leads, and their hours.
        measures: outcomes of this week by id, once measured.
        measured_at: weeks in which outcomes are measured without being kept in `datacollector`.
        fully_at: weeks in which every outcome is measured, those of dependence and load included.
        newcomers: who came at the last turn of a school year, bool (n,).

    Raises:
        ValueError: naming each argument that breaks a rule.
    """

    def __init__(
        self,
        rng: int | None = 1,
        *,
        replicate: int = 0,
        policy: str | Policy = "on_its_own",
        region: Region | None = None,
        parameters: Parameters | None = None,
        start: str = "sparse",
        grow_weeks: int = 0,
        lead_weeks: int | None = None,
        events: Sequence[Event] = (),
        collect: bool = True,
        **kwargs: float,
    ) -> None:
        seed = 1 if rng is None else rng
        key = world_key(seed, replicate)
        super().__init__(rng=int(seed))
        self.parameters = (parameters or Parameters()).with_values(**kwargs)
        self.constants = self.parameters.constants()
        self.region = region if region is not None else generate_region()
        self.key = key
        self.world = make_world(self.region, self.parameters, self.key)
        self.counted: NDArray[np.bool_] = (self.region.role == Role.TEACHER) & ~self.region.unobserved
        begin_ties(self.world, self.region, self.key, start)
        take_stock(self.world, self.constants, 0)
        self._by_row = [KINDS[Role(int(role))](self, row) for row, role in enumerate(self.region.role)]
        self.collect = collect
        self.measures: dict[str, float] = {}
        self.measured_at: Container[int] = ()
        self.fully_at: Container[int] = ()
        self.newcomers: NDArray[np.bool_] = np.zeros(self.region.people, np.bool_)
        self.datacollector = mesa.DataCollector(model_reporters={name: partial(_read_measure, name=name) for name in WEEKLY})
        self.lead_from = self.lead_until = NEVER_LED
        self.agenda = Agenda()
        self.follow(policy, lead_weeks, events)
        self.grow(grow_weeks)
        self.follow(policy, lead_weeks, events)
        self.measure()

    @property
    def week(self) -> int:
        """The week it is."""
        return int(self.steps)

    def follow(self, policy: str | Policy, lead_weeks: int | None = None, events: Sequence[Event] = ()) -> None:
        """Lead by `policy` from the next week on, for `lead_weeks` weeks; hours and the weeks of `events` are counted from here.

        What people are committed to goes on until its own end, whoever leads.
        """
        if problems := check_places(events, self.region):
            raise ValueError("; ".join(problems))
        self.policy = read_policy(policy) if isinstance(policy, str) else policy
        if lead_weeks is None:
            lead_weeks = self.policy.weeks if isinstance(self.policy, Timeline) else YEAR
        self.lead_from, self.lead_until = self.week + 1, self.week + lead_weeks
        self.calendar = Calendar(events)
        self.world.notes.own_share[:], self.world.notes.absent[:] = 1.0, 0
        self.agenda.begin_account()
        self.world.people.given[:] = 0
        self.leaders = self._appoint()

    def grow(self, weeks: int) -> None:
        """Let `weeks` weeks pass in which nobody leads and nothing is collected."""
        lead_from, collect = self.lead_from, self.collect
        self.lead_from, self.collect = NEVER_LED, False
        for _ in range(weeks):
            self.step()
        self.lead_from, self.collect = lead_from, collect

    def take_over_observed(self, first: FirstTies) -> None:
        """Put observed ties in place of those grown so far, with strength and age as ties at rest have them."""
        take_over(self.world, first, self.region.unobserved, self.key, self.week)
        self.measure()

    def branch(self, policy: str | Policy, lead_weeks: int | None = None, events: Sequence[Event] = ()) -> LearningNetwork:
        """A copy of this world, from here on led by `policy`; both share people, past and chance."""
        other = copy.deepcopy(self)
        other.follow(policy, lead_weeks, events)
        return other

    def step(self) -> None:
        """One school week, in the seven phases of the class."""
        world, c, week = self.world, self.constants, self.week
        begin_week(world, week)
        self.calendar.begin_week(self, week - self.lead_from + 1)
        take_stock(world, c, week)
        moves = self.lead()
        gatherings = self.meet(moves)
        offered = gatherings.hours * c.meeting_chances
        choose(world, c, self.key, week, gatherings.start, gatherings.people, gatherings.number, offered)
        self.work(gatherings)
        learn(world, c, self.key, week)
        feel(world, c, week)
        if week in self.fully_at:
            self.measure_fully()
        elif self.collect or week in self.measured_at:
            self.measure()
        if week % YEAR == 0:
            self.end_school_year()

    def lead(self) -> list[Move]:
        """Phase 1: each leader spends hours on the moves of the policy; returns the moves made."""
        moves: list[Move] = []
        week = self.week
        if self.lead_from <= week <= self.lead_until:
            for leader in self.leaders:
                if self.calendar.leads(leader, week - self.lead_from + 1):
                    moves += self._lead_school(leader, week)
                else:
                    leader.weeks_led += 1
        return self.calendar.invite_present(self, moves)

    def _lead_school(self, leader: Leader, week: int) -> list[Move]:
        leader.begin_week(week)
        made: list[Move] = []
        for number, move in enumerate(self.policy.act(leader)):
            if number == MOST_MOVES:
                raise ValueError(
                    f"policy {type(self.policy).__name__}: more than {MOST_MOVES} moves of one leader in a week; does it ever end?"
                )
            if (paid := leader.pay(move)) is not None:
                made.append(paid)
        seen = [move for move in made if MOVES[move.kind].form not in ("look", "talk")]
        units = self.world.units
        units.waiting[leader.unit] = float(not seen)
        if freed := leader.frees(made):
            units.freed[leader.unit] += freed
        leader.weeks_led += 1
        return seen

    def meet(self, moves: list[Move]) -> Gatherings:
        """Phase 2: who joins what the moves offer, and who is present."""
        if self.world.units.freed.any():
            take_stock(self.world, self.constants, self.week)
        gatherings = self.agenda.gather(self.world, self.constants, self.key, self.week, moves)
        self.calendar.leave_out_absent(self, gatherings)
        return gatherings

    def work(self, gatherings: Gatherings) -> None:
        """Phase 4: ties in contact grow, the others fade; hours spent together are contact."""
        g = gatherings
        if len(g.hours) or len(g.pairs):
            spend_together(self.world, self.constants, g.start, g.people, g.hours, g.pairs, g.pair_hours)
        work(self.world, self.constants, self.key, self.week)

    def measure(self) -> dict[str, float]:
        """Take the weekly outcomes, and keep them where `collect` says so."""
        people, schools = self.region.people, max(1, len(self.leaders))
        self.measures = measure_network(self.world, self.week, self.lead_from, self.lead_until, self.counted)
        self.measures |= measure_people(self.world)
        self.measures["leader_hours"] = sum(leader.spent for leader in self.leaders) / schools
        self.measures["teacher_hours"] = self.agenda.teacher_minutes / 60.0 / people
        if self.collect:
            self.datacollector.collect(self)
        return self.measures

    def measure_fully(self) -> dict[str, float]:
        """Take every outcome: the weekly ones, hours per lasting tie, what depends on whom, and who carries the load."""
        ties = max(1.0, self.measure()["lasting"] * int(self.counted.sum()))
        self.measures["leader_hours_per_tie"] = sum(leader.spent for leader in self.leaders) / ties
        self.measures["teacher_hours_per_tie"] = self.agenda.teacher_minutes / 60.0 / ties
        self.measures |= measure_dependence(self.world) | measure_load(self)
        return self.measures

    def end_school_year(self) -> None:
        """Phase 7: staff and leaders leave by keyed threshold and are replaced by others; hours not used in the year are gone."""
        people, c = self.world.people, self.constants
        chance = np.where(is_leader(self.region.role), c.leader_leaves, c.staff_turnover)
        left = draw_each(purpose_key(self.key, Purpose.TURNOVER, self.week), people.spell) < chance
        self.replace_people(left)
        for leader in self.leaders:
            leader.hours = 0.0

    def replace_people(self, left: NDArray[np.bool_]) -> None:
        """Put newcomers, who know nobody yet, in the places marked in `left` (bool, (n,)); a new leader begins anew."""
        people = self.world.people
        drop_everyone_who_left(self.world.ties, left)
        self.agenda.gone_minutes += int(people.given[left].sum())
        self.newcomers = left
        self.world.notes.asked[left] = 0.0
        people.spell[left] += 1
        for leader in self.leaders:
            if left[leader.row]:
                leader.forget()
        draw_people(people, self.world.places, self.constants, self.key, left)
        for row in np.flatnonzero(left):
            self._by_row[row].remove()
            self._by_row[row] = KINDS[Role(int(self.region.role[row]))](self, int(row))

    def at(self, row: int) -> Educator:
        """The agent who holds a place."""
        return self._by_row[row]

    def ties(self) -> dict[str, NDArray[np.generic]]:
        """Every tie as columns ego, alter, strength, born, strong_since, held_until, origin."""
        return tie_table(self.world.ties)

    def to_networkx(self) -> nx.DiGraph[int]:
        """The network of this week as a directed networkx graph; `networkx.write_graphml` takes it as it is."""
        return to_networkx(self)

    def _appoint(self) -> list[Leader]:
        leaders = [
            Leader(world=self.world, constants=self.constants, key=self.key, region=self.region, row=row, school=school)
            for school, row in _school_leaders(self.region)
        ]
        for leader in leaders:
            leader.fellows = leaders
        return leaders


def _read_measure(model: LearningNetwork, name: str) -> float:
    """One measure of this week; a function with a name, so that models can be pickled."""
    return model.measures[name]


def _school_leaders(region: Region) -> Iterator[tuple[int, int]]:
    """School and row of the first leader of every school that has one."""
    for school in range(region.schools):
        start, stop = int(region.school_start[school]), int(region.school_start[school + 1])
        rows = start + np.flatnonzero(region.role[start:stop] == Role.LEADER)
        if len(rows) and not region.school_office[school]:
            yield school, int(rows[0])
