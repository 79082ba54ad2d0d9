"""The rules of the model once more, in plain Python: loops and dictionaries, no arrays and no compiling.

Written from the equations, not from the kernels, and compared with them by `test_kernels.py`. Nothing here is fast, and nothing
here is used by the product. A number drawn has the same name as in the model; how names become numbers is written out again too.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from model.randomness import Purpose
from model.region import Level, Role
from model.ties import NEVER
from model.world import World

TOPICS, WEEKS, UNIT_LEVELS = 3, 8, 5
FULL_PART = (2.5, 2.0, 0.75, 0.5, 0.5, 0.5)
RESTING_PART = (0.75, 0.45, 0.10, 0.05, 0.05, 0.05)
LEAST_HOURS, MOST_UNITS, GOOD_TIES, COMPETENCE_UNITS, USUAL_GAP = 0.2, 4.0, 3.0, 5.0, 0.15
FIRST_STRENGTH, STRONG = 0.1, 0.5

# --- draws ----------------------------------------------------------------------------------------------------------

_ALL = 2**64 - 1


def fold(key: int, part: int) -> int:
    """splitmix64 (Steele, Lea & Flood 2014) on whole numbers."""
    z = ((key ^ (part * 0x9E3779B97F4A7C15)) + 0x9E3779B97F4A7C15) & _ALL
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & _ALL
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & _ALL
    return z ^ (z >> 31)


def uniform(key: int) -> float:
    return ((key >> 12) + 0.5) / 2**52


def gumbel(key: int) -> float:
    return -math.log(-math.log(uniform(key)))


def poisson(key: int, mean: float) -> int:
    """The smallest count whose cumulative chance reaches the number drawn."""
    drawn, count, reached = uniform(key), 0, math.exp(-mean)
    while drawn > reached and count < 80:
        count += 1
        reached += math.exp(-mean + count * math.log(mean) - math.lgamma(count + 1))
    return count


def week_key(key: int, purpose: Purpose, week: int) -> int:
    return fold(fold(int(key), int(purpose)), week)


# --- a world in plain form ------------------------------------------------------------------------------------------


@dataclass
class Tie:
    """One tie i → j; `contact` is move hours before work and contact units after it."""

    strength: float
    born: int
    strong_since: int
    held_until: int
    origin: int
    contact: float = 0.0


@dataclass
class Person:
    """Everything about one person."""

    unit: tuple[int, ...]
    role: int
    hats: int
    spell: int
    fte: float
    activity: float
    popularity: float
    base_energy: float
    energy: float
    competence: float
    prescribed: float
    base_belonging: float
    belonging: list[float]
    interest: list[float]
    knowledge: list[float]
    practice: list[float]
    reinforced: list[int]
    scheduled: list[int]
    compulsory: list[int]
    prescribed_minutes: float
    part: list[float]
    capacity: float
    time: float
    asked: float = 0.0


@dataclass
class Unit:
    """A team, school, board, town, samenwerkingsverband, or the region."""

    people: list[int]
    lively: float
    goal: float
    freed: float
    waiting: float


@dataclass
class Plain:
    """A world as lists and dictionaries: `out[i][j]` is the tie i → j."""

    people: list[Person]
    units: list[Unit]
    out: list[dict[int, Tie]]
    key: int = 0
    rows: range = field(init=False)

    def __post_init__(self) -> None:
        self.rows = range(len(self.people))

    def name(self, key: int, row: int) -> int:
        """`key` narrowed to whoever holds a place."""
        return fold(key, row * 65536 + self.people[row].spell)

    def indegree(self, j: int) -> int:
        return sum(j in row for row in self.out)

    def unpaid(self, i: int, week: int) -> int:
        """Ties that nothing but own time pays for: those not held."""
        return sum(tie.held_until < week for tie in self.out[i].values())


_SCALARS = ("fte", "activity", "popularity", "base_energy", "energy", "competence", "prescribed", "base_belonging")
_LISTS = ("belonging", "interest", "knowledge", "practice", "reinforced", "scheduled", "compulsory")


def plain(world: World, key: int) -> Plain:
    """A world of arrays in plain form."""
    members: dict[int, list[int]] = {}
    for row, units in enumerate(world.places.unit.tolist()):
        for unit in units:
            members.setdefault(unit, []).append(row)
    units = [
        Unit(people=members.get(u, []), lively=float(r.lively), goal=float(r.goal), freed=float(r.freed), waiting=float(r.waiting))
        for u, r in enumerate(world.units)
    ]
    return Plain(people=[_person(world, i) for i in range(len(world.people))], units=units, out=_rows(world), key=int(key))


def _person(world: World, i: int) -> Person:
    person, place, notes = world.people, world.places, world.notes
    return Person(
        unit=tuple(place.unit[i].tolist()), role=int(place.role[i]), hats=int(place.hats[i]), spell=int(person.spell[i]),
        prescribed_minutes=float(notes.prescribed[i]), part=notes.part[i].tolist(), capacity=float(notes.capacity[i]),
        time=float(notes.time[i]), **{name: float(person[name][i]) for name in _SCALARS},
        **{name: person[name][i].tolist() for name in _LISTS},
    )  # fmt: skip


def _rows(world: World) -> list[dict[int, Tie]]:
    ties = world.ties
    return [
        {
            int(ties.alter[i, s]): Tie(
                strength=float(ties.strength[i, s]), born=int(ties.born[i, s]), strong_since=int(ties.strong_since[i, s]),
                held_until=int(ties.held_until[i, s]), origin=int(ties.origin[i, s]), contact=float(world.contact[i, s]),
            )
            for s in range(ties.degree[i])
        }
        for i in range(len(ties.degree))
    ]  # fmt: skip


def shared_level(w: Plain, i: int, j: int) -> Level:
    """The closest unit of two people, from near to far."""
    return next(level for level in Level if w.people[i].unit[level] == w.people[j].unit[level])


# --- stock ----------------------------------------------------------------------------------------------------------


def weekly_hours(minutes: Sequence[int]) -> float:
    return sum(minutes) / 60 / WEEKS


def own_hours(w: Plain, c: Any, i: int) -> float:
    """own (1 + 2 e_hours (e - 1/2)) + freed + spill max(0, pot - h) - max(0, h - pot), at least .2."""
    me, pot = w.people[i], c.team_hours / WEEKS
    hours = weekly_hours(me.scheduled)
    own = c.own_hours * me.fte * (1 + 2 * c.energy_hours * (me.energy - 0.5)) + w.units[me.unit[Level.SCHOOL]].freed
    return max(LEAST_HOURS, own + c.spill * max(0, pot - hours) - max(0, hours - pot))


def take_stock(w: Plain, c: Any, week: int) -> None:
    for i, me in enumerate(w.people):
        me.part = [sum(tie.strength for j, tie in w.out[i].items() if shared_level(w, i, j) == level) for level in Level]
        me.capacity = own_hours(w, c, i) / c.hours_per_tie
        me.time = min(1, me.capacity / max(1, w.unpaid(i, week)))
    for level in Level:
        for unit in {me.unit[level] for me in w.people}:
            people = w.units[unit].people
            w.units[unit].lively = sum(min(1, w.people[i].part[level] / FULL_PART[level]) for i in people) / len(people)


# --- choice ---------------------------------------------------------------------------------------------------------


def worth(c: Any, paths: int) -> float:
    """g(k): 2 (1 - 2^-k), or k."""
    return paths if c.closure_linear else 2 * (1 - 0.5**paths)


def paths_between(out: list[dict[int, Tie]], i: int, j: int) -> int:
    return sum(j in out[h] for h in out[i])


def closure_of(out: list[dict[int, Tie]], c: Any, i: int) -> float:
    """The statistic whose change an actor weighs: the worth of the two-paths behind each of their ties."""
    return sum(worth(c, paths_between(out, i, j)) for j in out[i])


def closure_change(w: Plain, c: Any, i: int, j: int) -> float:
    """The statistic with the tie i → j less the one without it."""
    row = w.out[i]
    without = [*w.out[:i], {k: tie for k, tie in row.items() if k != j}, *w.out[i + 1 :]]
    between = [*w.out[:i], {**row, j: Tie(0, 0, 0, 0, 0)}, *w.out[i + 1 :]]
    return closure_of(between, c, i) - closure_of(without, c, i)


def level_worth(c: Any, level: Level) -> float:
    across = c.level_value_across
    return {
        Level.TEAM: c.level_value_team, Level.SCHOOL: 0, Level.BOARD: across, Level.TOWN: across + c.level_step_town,
        Level.SWV: across + c.level_step_swv, Level.ELSEWHERE: across + c.level_step_elsewhere,
    }[level]  # fmt: skip


def company(c: Any, part: float) -> float:
    """phi: saturating, linear, inverted U, or S."""
    shapes = (1.5 * part / (part + 0.5), part, 4 * part * (1 - part), part**3 / (part**3 + 0.3**3))
    return shapes[int(c.network_shape)]


def network_worth(w: Plain, c: Any, i: int, level: Level) -> float:
    """U nu (phi(P) - phi(P*)), fading with own strength at the level."""
    me = w.people[i]
    room = max(0, 1 - me.part[level] / FULL_PART[level])
    lively = w.units[me.unit[level]].lively
    return c.network_effect_scale * c.network_effect * (company(c, lively) - company(c, RESTING_PART[level])) * room


def gap(w: Plain, i: int, j: int) -> float:
    me, other = w.people[i], w.people[j]
    return sum(me.interest[t] * max(0, other.knowledge[t] - me.knowledge[t]) for t in range(TOPICS))


def terms(w: Plain, c: Any, i: int, j: int, week: int) -> dict[str, float]:
    """Every term of the value of a tie i → j, whether to begin it or to keep it."""
    me, other, level, exists = w.people[i], w.people[j], shared_level(w, i, j), j in w.out[i]
    paid_by_own_time = w.unpaid(i, week) - (exists and w.out[i][j].held_until < week)
    role = {Role.COACH: c.role_coach, Role.LEADER: c.role_leader, Role.BOARD: c.role_leader}.get(Role(other.role), 0)
    return {
        "baseline": c.baseline,
        "cost": -c.cost * (paid_by_own_time + 0.5) / me.capacity,
        "level": level_worth(c, level),
        "activity": me.activity,
        "popularity": other.popularity,
        "reciprocity": c.reciprocity * (i in w.out[j]),
        "closure": c.closure * closure_change(w, c, i, j),
        "indegree": c.indegree * (w.indegree(j) + (not exists)) ** c.indegree_power,
        "same_hat": c.same_hat * ((me.hats & other.hats) > 0),
        "role": role,
        "learn": c.learn * gap(w, i, j),
        "belonging": c.belonging_weight * (me.belonging[level] - 0.5) if level < UNIT_LEVELS else 0,
        "network": network_worth(w, c, i, level),
        "energy": c.energy_weight * (me.energy - 0.5),
        "strength": c.strength_weight * w.out[i][j].strength if exists else 0,
    }


def daily_weights(w: Plain, c: Any, i: int) -> dict[int, float]:
    """How likely it is to meet each person: a share for the team, one for the school, one for friends of friends."""
    unit = w.people[i].unit
    team, school = w.units[unit[Level.TEAM]].people, w.units[unit[Level.SCHOOL]].people
    paths = {j: paths_between(w.out, i, j) for j in w.rows if j != i}
    weights = {j: c.setting_friends * paths[j] / max(1, sum(paths.values())) for j in paths}
    for share, group in ((c.setting_team, team), (c.setting_school, school)):
        for j in set(group) - {i}:
            weights[j] += share / (len(group) - 1)
    return {j: weight for j, weight in weights.items() if weight > 0}


def sample(w: Plain, key: int, number: int, weights: dict[int, float], most: int) -> list[int]:
    """The `most` people who come first in a keyed race in which everybody runs as fast as their weight."""
    arrival = {j: -math.log(uniform(fold(w.name(key, j), number))) / weight for j, weight in weights.items()}
    return sorted(arrival, key=arrival.__getitem__)[:most]


def outside(w: Plain, c: Any, key: int, i: int) -> list[int]:
    """Somebody of another school of the board, town, samenwerkingsverband or region; nobody if it is the own school."""
    where = {
        Level.BOARD: c.outside_board, Level.TOWN: c.outside_town, Level.SWV: c.outside_swv, Level.ELSEWHERE: c.outside_elsewhere
    }  # fmt: skip
    drawn, level = uniform(fold(key, 1)) * sum(where.values()), Level.ELSEWHERE
    for candidate in reversed(where):
        if drawn < sum(share for other, share in where.items() if other <= candidate):
            level = candidate
    there = w.units[w.people[i].unit[level]].people
    j = there[int(uniform(fold(key, 2)) * len(there))]
    return [] if shared_level(w, i, j) <= Level.SCHOOL else [j]


def meet(w: Plain, c: Any, week: int, i: int, number: int, setting: int, present: Iterable[int]) -> list[int]:
    key = w.name(week_key(w.key, Purpose.CANDIDATE, week), i)
    if c.universal and setting == -1:
        return [j for j in w.rows if j != i]
    if setting == -2:
        return outside(w, c, w.name(week_key(w.key, Purpose.OUTSIDE, week), i), i)
    weights = {j: 1.0 for j in present if j != i} if setting >= 0 else daily_weights(w, c, i)
    return sample(w, key, number, weights, int(c.candidates))


def decide(w: Plain, c: Any, week: int, i: int, number: int, setting: int, present: Iterable[int]) -> tuple[str, int]:
    """Of all alternatives the one with the largest value plus Gumbel number: ("add" or "drop", alter) or ("nothing", i).

    Only a daily chance may end a tie.
    """
    key = w.name(week_key(w.key, Purpose.CHOICE, week), i)
    value = {("nothing", i): 0.0}
    for j in meet(w, c, week, i, number, setting, present):
        if j not in w.out[i]:
            value["add", j] = sum(terms(w, c, i, j, week).values())
    for j, tie in w.out[i].items():
        if setting == -1 and tie.held_until < week:
            value["drop", j] = -sum(terms(w, c, i, j, week).values())
    return max(value, key=lambda act: value[act] + gumbel(fold(w.name(key, act[1]), number)))


def apply(w: Plain, week: int, i: int, act: tuple[str, int], width: int, setting: int) -> None:
    if act[0] == "add" and len(w.out[i]) < width:
        w.out[i][act[1]] = Tie(FIRST_STRENGTH, week, NEVER, NEVER, 2 if setting >= 0 else 0)
    elif act[0] == "drop":
        del w.out[i][act[1]]


def chances(
    w: Plain, c: Any, week: int, meetings: Sequence[Sequence[int]], names: Sequence[int], offered: Sequence[float]
) -> list[tuple[int, int, int]]:
    """Everybody's chances of a week, (person, number, setting), in the order in which they come.

    Each meeting offers a whole number of chances, and one more by lot.
    """
    found: list[tuple[float, int, int, int]] = []
    moment = week_key(w.key, Purpose.MOMENT, week)
    for i, me in enumerate(w.people):
        board = me.unit[Level.BOARD]
        own = [(k, -1) for k in range(poisson(w.name(week_key(w.key, Purpose.CHANCES, week), i), c.rate))]
        chance = c.p_meet_outside * (1 + c.outside_amplifier * w.units[board].lively)
        if uniform(fold(w.name(week_key(w.key, Purpose.OUTSIDE, week), i), 0)) < chance:
            own.append((500, -2))
        for k, present in enumerate(meetings):
            lot = uniform(fold(w.name(week_key(w.key, Purpose.CHANCES, week), i), 1000 + names[k]))
            own += [(1000 + names[k] + at * 2**50, k) for at in range(math.ceil(offered[k] - lot))] if i in present else []
        turn = fold(moment, 1_000_000_000 + board) >> 40
        found += [(turn + uniform(fold(w.name(moment, i), number)), i, number, setting) for number, setting in own]
    return [(i, number, setting) for _, i, number, setting in sorted(found)]


def choose(
    w: Plain, c: Any, week: int, meetings: Sequence[Sequence[int]], names: Sequence[int], offered: Sequence[float], width: int
) -> None:
    for i, number, setting in chances(w, c, week, meetings, names, offered):
        act = decide(w, c, week, i, number, setting, meetings[setting] if setting >= 0 else ())
        apply(w, week, i, act, width, setting)


# --- work, learn, feel ----------------------------------------------------------------------------------------------


def contact_chance(w: Plain, c: Any, i: int, j: int) -> float:
    """min(1, time) [c + (1 - c) c_eff s], c = c_l + c_part P (1 - c_l), with the time of the busier of the two."""
    level = shared_level(w, i, j)
    base = {Level.TEAM: c.contact_team, Level.SCHOOL: c.contact_school, Level.BOARD: c.contact_across}.get(level, c.contact_elsewhere)
    base += c.contact_participation * w.units[w.people[i].unit[level]].lively * (1 - base)
    return min(w.people[i].time, w.people[j].time) * (base + (1 - base) * c.contact_strength * w.out[i][j].strength)


def fit(w: Plain, c: Any, i: int, j: int) -> float:
    shared = sum(math.sqrt(a * b) for a, b in zip(w.people[i].interest, w.people[j].interest, strict=True))
    return c.fit_floor + (1 - c.fit_floor) * shared


def engagement(w: Plain, c: Any, i: int) -> float:
    return max(c.engagement_floor, w.people[i].energy)


def work(w: Plain, c: Any, week: int) -> None:
    key = week_key(w.key, Purpose.CONTACT, week)
    for i in w.rows:
        for j, tie in w.out[i].items():
            together = uniform(w.name(w.name(key, min(i, j)), max(i, j))) < contact_chance(w, c, i, j)
            tie.contact = together + tie.contact / c.hours_per_tie
            if tie.contact > 0:
                left = 1 - c.gain * engagement(w, c, i) * engagement(w, c, j) * fit(w, c, i, j)
                tie.strength = 1 - (1 - tie.strength) * left**tie.contact
            else:
                released = tie.origin == 3 and tie.held_until < week
                loss = (c.decay_weak * (1 - tie.strength) + c.decay_strong * tie.strength) * tie.strength
                tie.strength = max(0, tie.strength - loss * (c.pulled_decay_mult if released else 1))
            strong = np.float32(tie.strength) >= STRONG
            tie.strong_since = (week if tie.strong_since == NEVER else tie.strong_since) if strong else NEVER


def learn(w: Plain, c: Any, week: int) -> None:
    """Everybody learns from who they were in contact with, the team from who brings something back; then all knowledge moves."""
    learnt = [[0.0] * TOPICS for _ in w.rows]
    brought = [[0.0] * TOPICS for _ in w.rows]
    for me in w.people:
        me.asked = 0.0
    for i in w.rows:
        for j, tie in w.out[i].items():
            gained = _learn_from(w, c, i, j, min(tie.contact, MOST_UNITS))
            learnt[i] = [a + b for a, b in zip(learnt[i], gained, strict=True)]
            if shared_level(w, i, j) > Level.SCHOOL:
                brought[i] = [a + b for a, b in zip(brought[i], gained, strict=True)]
    key = week_key(w.key, Purpose.CARRY_BACK, week)
    for i, me in enumerate(w.people):
        if sum(brought[i]) > 0 and uniform(w.name(key, i)) < c.carry_back:
            for j in set(w.units[me.unit[Level.TEAM]].people) - {i}:
                for t in range(TOPICS):
                    learnt[j][t] += brought[i][t] * (w.people[j].knowledge[t] < me.knowledge[t])
    for i in w.rows:
        _grow_knowledge(w.people[i], c, learnt[i])


def _learn_from(w: Plain, c: Any, i: int, j: int, units: float) -> list[float]:
    """lam / (1 + .1 d) s w gap (.5 + e) u for each topic; each contact with somebody of better practice reinforces."""
    me, other = w.people[i], w.people[j]
    other.asked += units
    pace = c.learning / (1 + 0.1 * len(w.out[i])) * w.out[i][j].strength * (0.5 + me.energy) * units
    for t in range(TOPICS):
        me.reinforced[t] += units > 0 and other.practice[t] > me.practice[t] and me.reinforced[t] < 200
    return [pace * me.interest[t] * max(0, other.knowledge[t] - me.knowledge[t]) for t in range(TOPICS)]


def _grow_knowledge(me: Person, c: Any, learnt: Sequence[float]) -> None:
    for t in range(TOPICS):
        own = c.own_practice * TOPICS * me.interest[t] * (1 - me.knowledge[t])
        me.knowledge[t] = bounded(me.knowledge[t] * (1 - c.obsolescence) + learnt[t] + own, 0, 1)
        if me.reinforced[t] >= c.threshold:
            me.practice[t] += c.practice_step * (me.knowledge[t] - me.practice[t])
            me.reinforced[t] = 0


def bounded(value: float, low: float, high: float) -> float:
    return low if value < low else high if value > high else value


def perceived_control(w: Plain, c: Any, i: int) -> float:
    me = w.people[i]
    beyond = max(0, weekly_hours(me.compulsory) - c.team_hours / WEEKS)
    return 0.5 * min(1, beyond / max(LEAST_HOURS, c.own_hours * me.fte)) + 0.5 * me.prescribed


def shared_goal(w: Plain, i: int) -> float:
    me = w.people[i]
    return max(0, *(w.units[me.unit[level]].goal * me.belonging[level] for level in range(UNIT_LEVELS)))


def legitimacy(w: Plain, c: Any, i: int) -> float:
    """How far compulsion is seen as justified: of what is missing, as much is made up as a goal is shared."""
    return 1 - (1 - c.legitimacy) * (1 - shared_goal(w, i))


def energy_target(w: Plain, c: Any, i: int, week: int) -> float:
    me, goal, justified = w.people[i], shared_goal(w, i), legitimacy(w, c, i)
    bites = justified if c.crowding_form and c.crowding < 0 else 1 - justified
    target = me.base_energy + c.energy_relatedness * (1 - math.exp(-sum(me.part) / GOOD_TIES) - 0.5)
    target += c.energy_competence * (me.competence - 0.5) + c.goal_effect * goal
    target += c.wait_signal * w.units[me.unit[Level.SCHOOL]].waiting
    target -= c.crowding * perceived_control(w, c, i) * bites
    target -= c.overload_slope * max(0, w.unpaid(i, week) / me.capacity - 1)
    return bounded(target, 0.05, 0.95)


def feel(w: Plain, c: Any, week: int) -> None:
    for i, me in enumerate(w.people):
        own = 60 * max(LEAST_HOURS, c.own_hours * me.fte)
        me.prescribed += (me.prescribed_minutes / (me.scheduled[week % WEEKS] + own) - me.prescribed) / WEEKS
        units = me.asked + sum(min(tie.contact, MOST_UNITS) for tie in w.out[i].values())
        me.competence += (1 - math.exp(-units / COMPETENCE_UNITS) - me.competence) / WEEKS
        me.prescribed, me.competence = float(np.float32(me.prescribed)), float(np.float32(me.competence))
        me.energy = bounded(me.energy + c.energy_speed * (energy_target(w, c, i, week) - me.energy), 0.05, 0.95)
        for level in range(UNIT_LEVELS):
            good = 1 - math.exp(-me.part[level] / FULL_PART[level])
            target = (1 - c.belonging_mix) * me.base_belonging + c.belonging_mix * good
            me.belonging[level] += c.belonging_speed * (target - me.belonging[level])
    for unit in w.units:
        unit.goal *= 1 - c.goal_decay


# --- meetings -------------------------------------------------------------------------------------------------------


def commits(
    w: Plain, c: Any, week: int, i: int, name: int, can_refuse: float, level: Level, to_learn: float, topic: int, share: float
) -> tuple[bool, bool, bool]:
    """(says yes or has to, keeps to it, was compelled)."""
    drawn = {p: uniform(fold(w.name(week_key(w.key, p, week), i), name)) for p in (Purpose.REFUSE, Purpose.ACCEPT, Purpose.COMPLY)}
    me, forced = w.people[i], drawn[Purpose.REFUSE] >= can_refuse
    logit = c.accept_base + 2 * (me.energy - 0.5) + to_learn - max(0, w.unpaid(i, week) / me.capacity - 1)
    logit += (me.belonging[level] - 0.5 if level < UNIT_LEVELS else 0) + (share * (3 * me.interest[topic] - 1) if topic >= 0 else 0)
    agrees = forced or c.accept_base >= 5 or drawn[Purpose.ACCEPT] < 1 / (1 + math.exp(-logit))
    return agrees, agrees and drawn[Purpose.COMPLY] < c.compliance, forced


def agree(w: Plain, c: Any, week: int, i: int, j: int, can_refuse: float, topic: int, share: float) -> tuple[bool, bool, bool, bool, bool]:
    level, (mine, theirs) = shared_level(w, i, j), (at * 65536 + w.people[at].spell for at in (i, j))
    yes, keeps, forced = commits(w, c, week, i, theirs, can_refuse, level, gap(w, i, j) / USUAL_GAP - 0.5, topic, share)
    also, keeps_too, forced_too = commits(w, c, week, j, mine, can_refuse, level, gap(w, j, i) / USUAL_GAP - 0.5, topic, share)
    return yes and also, keeps, keeps_too, forced, forced_too


def book(w: Plain, week: int, i: int, minutes: int, forced: bool, prescription: float) -> None:
    me = w.people[i]
    me.scheduled[week % WEEKS] += minutes
    me.compulsory[week % WEEKS] += minutes if forced else 0
    me.prescribed_minutes += minutes * prescription


def who_meets(
    w: Plain, c: Any, week: int, number: int, invited: Sequence[int], can_refuse: float, level: Level, topic: int, share: float
) -> tuple[list[int], list[bool]]:
    """Who comes, and who of them had to."""
    name = (1_000_000_007 + number) * 65536
    answers = {i: commits(w, c, week, i, name, can_refuse, level, 0, topic, share) for i in invited}
    here = [i for i in invited if answers[i][1]]
    return here, [answers[i][2] for i in here]


def hold_meeting(w: Plain, c: Any, week: int, here: Sequence[int], forced: Sequence[bool], minutes: int, prescription: float) -> None:
    """Hours are booked; who had to come gains what energy they lack, as far as the meeting was justified and engaged."""
    good = sum(engagement(w, c, i) for i in here) / max(1, len(here))
    for i, had_to in zip(here, forced, strict=True):
        book(w, week, i, minutes, had_to, prescription)
        me = w.people[i]
        if had_to and c.internalisation != 0:
            room = 1 - me.energy if c.internalisation > 0 else me.energy
            me.energy = bounded(me.energy + c.internalisation * minutes / 120 * good * legitimacy(w, c, i) * room, 0.05, 0.95)


def spend_together(
    w: Plain, c: Any, meetings: Sequence[Sequence[int]], hours: Sequence[float], pairs: Sequence[Sequence[int]], pair_hours: Sequence[float]
) -> None:
    for (i, j), spent in zip(pairs, pair_hours, strict=True):
        for ego, alter in ((i, j), (j, i)):
            if alter in w.out[ego]:
                w.out[ego][alter].contact += spent
    for present, spent in zip(meetings, hours, strict=True):
        for i in present:
            for j, tie in w.out[i].items():
                if j in present:
                    tie.contact += spent / (len(present) - 1) ** c.meeting_split


# --- leading --------------------------------------------------------------------------------------------------------


def sees(w: Plain, key: int, leader: int, share: float, rows: Sequence[int]) -> tuple[list[int], list[int]]:
    """Strong ties and ties to other schools of each of `rows`, of the ties the leader sees."""
    seen = {i: [j for j in w.out[i] if uniform(w.name(w.name(w.name(key, leader), i), j)) < share] for i in rows}
    strong = [sum(w.out[i][j].strength >= STRONG for j in seen[i]) for i in rows]
    return strong, [sum(shared_level(w, i, j) > Level.SCHOOL for j in seen[i]) for i in rows]


def open_triads(w: Plain, key: int, leader: int, share: float, rows: Sequence[int]) -> list[tuple[int, int]]:
    """For each of `rows` the first two strong alters in a row, of those the leader sees, without a tie between them."""
    found = []
    for i in rows:
        eyes = w.name(w.name(key, leader), i)
        seen = [j for j, tie in w.out[i].items() if tie.strength >= STRONG and j != leader and uniform(w.name(eyes, j)) < share]
        pairs = [(a, b) for a, b in zip(seen, seen[1:], strict=False) if b not in w.out[a] and a not in w.out[b]]
        found += pairs[:1]
    return found


def match(w: Plain, c: Any, key: int, one: int, others: Sequence[int], tries: int) -> int:
    """The best of the first `tries` of `others` in keyed order by fit and what both can learn; -1 where there is nobody."""
    first = sorted(others, key=lambda j: uniform(w.name(w.name(key, one), j)))[:tries]
    return max(first, key=lambda j: fit(w, c, one, j) + gap(w, one, j) + gap(w, j, one), default=-1)
