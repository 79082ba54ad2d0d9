"""The choice to add, drop or keep a tie: a stochastic actor-oriented model with settings.

A chance to change comes to somebody at a keyed moment of the week. They compare adding one of the people they meet, dropping one
of their ties, and doing nothing, by a multinomial logit on the value of a tie (Snijders 2001, 2017). Whom they meet comes from
*settings*: own team, own school, friends of friends; a meeting or an encounter outside only adds. With `universal` everybody else is an
alternative, and with structural terms alone this is the standard model.

`decide` reads and answers, `apply` writes; the weekly kernel and `agent.step()` call the same two.
"""

from __future__ import annotations

import math
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from model.parameters import Constants
from model.randomness import Purpose, fold, gumbel, gumbel_above, kernel, kernel_part, person_key, poisson, uniform, week_key
from model.region import Level, Role
from model.ties import Origin, add_tie, as_row, drop_tie, find_tie
from model.world import FULL_PART, RESTING_PART, World, level_between, ties_on_own_time

TERMS = (
    "baseline",
    "cost",
    "level",
    "activity",
    "popularity",
    "reciprocity",
    "closure",
    "indegree",
    "same_hat",
    "role",
    "learn",
    "belonging",
    "network",
    "energy",
)
"""What the value of a tie is made of, in the order of `tie_terms`."""


class Action(IntEnum):
    """What somebody does with a chance."""

    NOTHING = 0
    ADD = 1
    DROP = 2


class Setting(IntEnum):
    """Where the chance to change a tie comes from; numbers from 0 up are meetings."""

    DAILY = -1
    OUTSIDE = -2


_NOTHING, _ADD, _DROP = (int(action) for action in Action)
_DAILY, _OUTSIDE = int(Setting.DAILY), int(Setting.OUTSIDE)
_TEAM, _SCHOOL, _BOARD, _TOWN, _SWV, _ELSEWHERE = (int(level) for level in Level)
_COACH, _LEADER, _BOARD_MEMBER = int(Role.COACH), int(Role.LEADER), int(Role.BOARD)
_CHANCES, _MOMENT, _CANDIDATE = int(Purpose.CHANCES), int(Purpose.MOMENT), int(Purpose.CANDIDATE)
_MEET_OUTSIDE, _CHOICE = int(Purpose.OUTSIDE), int(Purpose.CHOICE)
_CHOSEN, _INVITED = int(Origin.CHOSEN), int(Origin.INVITED)
FIRST_STRENGTH = 0.1
"""Strength of a tie when it begins: somebody has been asked once."""
_WORTH_OF_PATHS = 2.0 - 2.0 / 2.0 ** np.arange(61)
_MARGIN = 1.0 + 1e-9
"""Room for rounding where a bound spares the exact number."""
OUTSIDE_NUMBER = 500
MEETING_NUMBER = 1000
"""Chance numbers: 0, 1, ... are daily ones, 500 the encounter outside, 1000 and up the meetings of the week."""
_NEXT_CHANCE = 2**50
"""From one chance of a meeting to the next; names of meetings are smaller."""


@kernel_part
def closing(c, paths):
    """Worth of `paths` two-paths: each counts half the one before, or all alike (geometrically weighted, or linear)."""
    if c.closure_linear > 0.0:
        return np.float64(paths)
    return _WORTH_OF_PATHS[min(as_row(paths), 60)]


@kernel_part
def level_value(c, level):
    """Value of a pair at `level` against the same school, logit."""
    team, across, town, swv, elsewhere = (
        c.level_value_team, c.level_value_across, c.level_step_town, c.level_step_swv, c.level_step_elsewhere
    )  # fmt: skip
    step = town if level == _TOWN else (swv if level == _SWV else (elsewhere if level == _ELSEWHERE else 0.0))
    return team if level == _TEAM else (0.0 if level == _SCHOOL else across + step)


@kernel_part
def worth_of_company(c, part):
    """Shape of the network effect at participation `part`: saturating, linear, inverted U, or S."""
    if c.network_shape == 0.0:
        return 1.5 * part / (part + 0.5)
    if c.network_shape == 1.0:
        return part
    if c.network_shape == 2.0:
        return 4.0 * part * (1.0 - part)
    cube = part * part * part
    return cube / (cube + 0.027)


@kernel_part
def network_term(world, c, i, level):
    """Network effect for `i` at `level`: centred on rest, and fading as `i` already takes part there."""
    if c.network_effect == 0.0:
        return 0.0
    room = 1.0 - min(1.0, world.notes.part[i, level] / FULL_PART[level])
    lively = world.units.lively[world.places.unit[i, level]]
    pull = worth_of_company(c, lively) - worth_of_company(c, RESTING_PART[level])
    return c.network_effect_scale * c.network_effect * pull * room


@kernel_part
def knowledge_gap(people, i, j):
    """What `i` can learn from `j`: the gap in knowledge, weighted by the interest of `i`."""
    gap = 0.0
    for topic in range(people.knowledge.shape[1]):
        more = np.float64(people.knowledge[j, topic]) - np.float64(people.knowledge[i, topic])
        gap += np.float64(people.interest[i, topic]) * max(0.0, more)
    return gap


@kernel_part
def tie_terms(world, c, i, j, others, closed, returned, asked):
    """The terms of the value of a tie i → j, in the order of `TERMS` (float64, logits).

    Args:
        others: other ties of `i` that own time pays for.
        closed: change statistic of closure.
        returned: 1.0 where `j` turns to `i`, else 0.0.
        asked: in-degree of `j`, this tie counted.
    """
    places, people = world.places, world.people
    level = level_between(places, i, j)
    role = int(places.role[j])
    role_value = c.role_coach if role == _COACH else (c.role_leader if role in (_LEADER, _BOARD_MEMBER) else 0.0)
    belonging = np.float64(people.belonging[i, level]) - 0.5 if level < _ELSEWHERE else 0.0
    return (
        c.baseline,
        -c.cost * (others + 0.5) / world.notes.capacity[i],
        level_value(c, level),
        np.float64(people.activity[i]),
        np.float64(people.popularity[j]),
        c.reciprocity * returned,
        c.closure * closed,
        c.indegree * (math.sqrt(asked) if c.indegree_power == 0.5 else math.pow(asked, c.indegree_power)),
        c.same_hat if (int(places.hats[i]) & int(places.hats[j])) != 0 else 0.0,
        role_value,
        c.learn * knowledge_gap(people, i, j),
        c.belonging_weight * belonging,
        network_term(world, c, i, level),
        c.energy_weight * (np.float64(people.energy[i]) - 0.5),
    )


@kernel_part
def tie_value(world, c, i, j, others, closed, returned, asked):
    """The sum of `tie_terms`."""
    total = 0.0
    for term in tie_terms(world, c, i, j, others, closed, returned, asked):
        total += term
    return total


@kernel_part
def walk_two_paths(world, i):
    """Count the two-paths i → h → j in `near`, and mark the alters of `i`; returns how many people are reached and how many paths."""
    ties, near, notes = world.ties, world.near, world.notes
    reached, total = 0, 0
    for slot in range(ties.degree[i]):
        h = as_row(ties.alter[i, slot])
        near.alter[h] = 1
        for far in range(ties.degree[h]):
            j = as_row(ties.alter[h, far])
            paths, other = near.paths[j], int(j != i)
            notes.reached[reached] = j  # stays only if it is counted; without branches, which nobody could predict
            reached += other * int(paths == 0)
            near.paths[j] = paths + other
            total += other
    return reached, total


@kernel_part
def forget_two_paths(world, i, reached):
    """Clear what `walk_two_paths` counted and marked."""
    for k in range(reached):
        world.near.paths[world.notes.reached[k]] = 0
    for slot in range(world.ties.degree[i]):
        world.near.alter[as_row(world.ties.alter[i, slot])] = 0


@kernel_part
def closure_change(world, c, i, j, exists):
    """What a tie i → j closes, i → h → j, and i → h with j → h; and 1.0 where `j` turns to `i`, else 0.0.

    Args:
        exists: 1 where the tie is there and may end, 0 where it may begin.
    """
    ties, near = world.ties, world.near
    change, returned = closing(c, near.paths[j]), 0.0
    for slot in range(ties.degree[j]):
        h = as_row(ties.alter[j, slot])
        if near.alter[h] == 1:
            paths = near.paths[h] - exists
            change += closing(c, paths + 1) - closing(c, paths)
        elif h == i:
            returned = 1.0
    return change, returned


@kernel_part
def _offer(world, found, most, j, drawn, weight):
    """Keep `j` if its priority -log(drawn) / weight is among the `most` lowest; returns how many are kept.

    This is keyed sampling by weight (Efraimidis & Spirakis 2006). -log(u) is never below 2(1 - u) / (1 + u), which often spares it.
    """
    if found == most and 2.0 * (1.0 - drawn) >= world.scores[found - 1] * weight * (1.0 + drawn) * _MARGIN:
        return found
    score = -math.log(drawn) / weight
    if found == most and score >= world.scores[found - 1]:
        return found
    place = min(found, most - 1)
    while place > 0 and world.scores[place - 1] > score:
        world.scores[place] = world.scores[place - 1]
        world.met[place] = world.met[place - 1]
        place -= 1
    world.scores[place] = score
    world.met[place] = j
    return min(found + 1, most)


@kernel_part
def _drawn_for(world, key, j, number):
    return uniform(fold(person_key(key, j, world.people.spell[j]), number))


@kernel_part
def meet_daily(world, c, key, i, number, reached, total):
    """The people `i` meets at a daily chance, from team, school and friends of friends; returns how many."""
    units, unit, near = world.units, world.places.unit, world.near
    school, team = unit[i, _SCHOOL], unit[i, _TEAM]
    in_school, in_team = max(1, units.people[school] - 1), max(1, units.people[team] - 1)
    most, found = int(c.candidates), 0
    friends, from_school, from_team = c.setting_friends / max(1, total), c.setting_school / in_school, c.setting_team / in_team
    for j in range(as_row(units.start[school]), as_row(units.stop[school])):
        weight = from_school + friends * near.paths[j] + (from_team if unit[j, _TEAM] == team else 0.0)
        if j != i and weight > 0.0:
            found = _offer(world, found, most, j, _drawn_for(world, key, j, number), weight)
    for k in range(reached):
        j = as_row(world.notes.reached[k])
        if unit[j, _SCHOOL] != school and friends > 0.0:
            found = _offer(world, found, most, j, _drawn_for(world, key, j, number), friends * near.paths[j])
    return found


@kernel_part
def meet_there(world, c, key, i, number, present):
    """The people `i` speaks at a meeting, from those present; returns how many."""
    most, found = int(c.candidates), 0
    for k in range(len(present)):
        j = as_row(present[k])
        if j != i:
            found = _offer(world, found, most, j, _drawn_for(world, key, j, number), 1.0)
    return found


@kernel_part
def meet_everybody(world, i):
    """Every other person as a candidate; returns how many."""
    found = 0
    for j in range(len(world.ties.degree)):
        if j != i:
            world.met[found] = j
            found += 1
    return found


@kernel_part
def meet_outside(world, c, key, i):
    """Somebody from another school as the only candidate; returns 1, or 0 where the encounter stays inside the school."""
    units, unit = world.units, world.places.unit
    where = uniform(fold(key, 1)) * (c.outside_board + c.outside_town + c.outside_swv + c.outside_elsewhere)
    level = _BOARD
    if where >= c.outside_board + c.outside_town + c.outside_swv:
        level = _ELSEWHERE
    elif where >= c.outside_board + c.outside_town:
        level = _SWV
    elif where >= c.outside_board:
        level = _TOWN
    there = unit[i, level]
    at = units.start[there] + int(uniform(fold(key, 2)) * units.people[there])
    j = world.members[at] if level in (_TOWN, _SWV) else at
    world.met[0] = j
    return 0 if unit[i, _SCHOOL] == unit[j, _SCHOOL] else 1


@kernel_part
def meet(world, c, keys, i, number, setting, present, reached, total):
    """Fill `world.met` with the people met in this setting; returns how many."""
    if c.universal > 0.0 and setting == _DAILY:
        return meet_everybody(world, i)
    if setting == _OUTSIDE:
        return meet_outside(world, c, person_key(keys[2], i, world.people.spell[i]), i)
    key = person_key(keys[0], i, world.people.spell[i])
    if setting >= 0:
        return meet_there(world, c, key, i, number, present)
    return meet_daily(world, c, key, i, number, reached, total)


@kernel_part
def decide(world, c, keys, week, i, number, setting, present):
    """What person `i` does with one chance.

    A daily chance may add, drop or keep. A meeting or an encounter outside is an occasion to begin a tie, not one more to end
    others: with drops in it, whoever is called together more often would lose ties by book-keeping alone.

    Args:
        keys: week keys of the purposes candidate, choice and outside, uint64 (3,).
        number: which chance of the week this is.
        setting: a `Setting`, or the number of a meeting.
        present: people at that meeting, int32; empty otherwise.

    Returns:
        (`Action`, alter to add or slot to drop).
    """
    ties, spell = world.ties, world.people.spell
    reached, total = walk_two_paths(world, i)
    others = np.float64(ties_on_own_time(ties, i, week))
    key = person_key(keys[1], i, spell[i])
    best, action, target = gumbel(fold(person_key(key, i, spell[i]), number)), _NOTHING, -1
    for k in range(meet(world, c, keys, i, number, setting, present, reached, total)):
        j = as_row(world.met[k])
        if world.near.alter[j] == 0 and not world.notes.absent[j]:
            closed, returned = closure_change(world, c, i, j, 0)
            value = tie_value(world, c, i, j, others, closed, returned, ties.indegree[j] + 1.0)
            value += gumbel_above(fold(person_key(key, j, spell[j]), number), best - value)
            if value > best:
                best, action, target = value, _ADD, j
    for slot in range(ties.degree[i] if setting == _DAILY else 0):
        if ties.held_until[i, slot] < week:
            j = as_row(ties.alter[i, slot])
            closed, returned = closure_change(world, c, i, j, 1)
            value = tie_value(world, c, i, j, others - 1.0, closed, returned, np.float64(ties.indegree[j]))
            value = -(value + c.strength_weight * np.float64(ties.strength[i, slot]))
            value += gumbel_above(fold(person_key(key, j, spell[j]), number), best - value)
            if value > best:
                best, action, target = value, _DROP, slot
    forget_two_paths(world, i, reached)
    return action, target


@kernel_part
def apply(world, week, i, action, target, setting):
    """Carry out what `decide` answered for person `i`; a tie that begins at a meeting began because its leader invited to it."""
    if action == _ADD:
        add_tie(world.ties, i, target, FIRST_STRENGTH, week, _INVITED if setting >= 0 else _CHOSEN)
    elif action == _DROP:
        drop_tie(world.ties, i, target)


@kernel_part
def _meets_outside(world, c, key, i):
    lively = world.units.lively[world.places.unit[i, _BOARD]]
    return uniform(fold(key, 0)) < c.p_meet_outside * (1.0 + c.outside_amplifier * lively)


def gather_chances(
    world: World,
    constants: Constants,
    key: np.uint64,
    week: int,
    met_start: NDArray[np.int32],
    met_people: NDArray[np.int32],
    met_number: NDArray[np.int64],
    met_chances: NDArray[np.float64],
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Everybody's chances of the week, in no order.

    Args:
        key: key of the world.
        met_start, met_people: people present at each meeting of the week, int32, as offsets and rows.
        met_number: name of each meeting in the keys of its draws, int64, below 2^50.
        met_chances: chances each meeting gives everybody present on average, float64.

    Returns:
        ego, number, setting and moment of each chance.
    """
    daily, away = np.empty(len(world.people), np.int64), np.empty(len(world.people), np.int64)
    room = count_chances(world, constants, key, week, daily, away) + int(np.diff(met_start) @ np.ceil(met_chances))
    ego, number, setting, moment = np.empty(room, np.int64), np.empty(room, np.int64), np.empty(room, np.int64), np.empty(room)
    used = fill_chances(world, key, week, daily, away, met_start, met_people, met_number, met_chances, ego, number, setting, moment)
    return ego[:used], number[:used], setting[:used], moment[:used]


@kernel
def count_chances(world, c, key, week, daily, away):
    """Fill in everybody's daily chances and encounters outside, int64 (n,); returns how many there are."""
    chances, outside, spell = week_key(key, _CHANCES, week), week_key(key, _MEET_OUTSIDE, week), world.people.spell
    total = 0
    for i in range(len(daily)):
        if world.notes.absent[i]:
            daily[i], away[i] = 0, 0
            continue
        daily[i] = poisson(person_key(chances, i, spell[i]), c.rate)
        away[i] = 1 if _meets_outside(world, c, person_key(outside, i, spell[i]), i) else 0
        total += daily[i] + away[i]
    return total


@kernel
def fill_chances(world, key, week, daily, away, met_start, met_people, met_number, met_chances, ego, number, setting, moment):
    """Fill in whose chance each is, which of theirs, from which setting and at what moment; returns how many there are."""
    chances = week_key(key, _CHANCES, week)
    moments, spell, unit = week_key(key, _MOMENT, week), world.people.spell, world.places.unit
    used = 0
    for i in range(len(daily)):
        for k in range(daily[i] + away[i]):
            ego[used] = i
            number[used] = k if k < daily[i] else OUTSIDE_NUMBER
            setting[used] = _DAILY if k < daily[i] else _OUTSIDE
            used += 1
    for meeting in range(len(met_start) - 1):
        for at in range(met_start[meeting], met_start[meeting + 1]):
            i, name = as_row(met_people[at]), MEETING_NUMBER + met_number[meeting]
            whole = math.floor(met_chances[meeting])
            more = uniform(fold(person_key(chances, i, spell[i]), name)) < met_chances[meeting] - whole
            for k in range(whole + more):
                ego[used], number[used], setting[used] = i, name + k * _NEXT_CHANCE, meeting
                used += 1
    for k in range(used):
        turn = np.float64(board_turn(moments, unit[ego[k], _BOARD]))
        moment[k] = turn + uniform(fold(person_key(moments, ego[k], spell[ego[k]]), number[k]))
    return used


@kernel_part
def board_turn(moments, board):
    """Which turn a board takes in a week, so that boards take turns and people inside a board come at random moments.

    Equal turns are as good as any, since boards hardly share people.
    """
    return np.int64(fold(moments, 1_000_000_000 + board) >> np.uint64(40))


@kernel
def choose_in_order(world, c, key, week, ego, number, setting, met_start, met_people):
    """Everybody takes their chances one after another; the weekly kernel.

    Args:
        ego, number, setting: the chances of the week in the order in which they come, int64.
    """
    keys = choice_keys(key, week)
    nobody = met_people[:0]
    for k in range(len(ego)):
        meeting = setting[k]
        present = nobody if meeting < 0 else met_people[met_start[meeting] : met_start[meeting + 1]]
        i = as_row(ego[k])
        action, target = decide(world, c, keys, week, i, number[k], meeting, present)
        apply(world, week, i, action, target, meeting)


@kernel
def take_chance(world, c, key, week, i, number, nobody):
    """One daily chance of person `i`; `nobody` is an empty int32 array."""
    action, target = decide(world, c, choice_keys(key, week), week, i, number, _DAILY, nobody)
    apply(world, week, i, action, target, _DAILY)


@kernel_part
def choice_keys(key, week):
    """Week keys of the purposes candidate, choice and outside, uint64 (3,)."""
    return (week_key(key, _CANDIDATE, week), week_key(key, _CHOICE, week), week_key(key, _MEET_OUTSIDE, week))


def choose(
    world: World,
    constants: Constants,
    key: np.uint64,
    week: int,
    met_start: NDArray[np.int32],
    met_people: NDArray[np.int32],
    met_number: NDArray[np.int64] | None = None,
    met_chances: NDArray[np.float64] | None = None,
) -> int:
    """Phase 3 of a week: everybody takes their chances to change a tie; returns how many there were.

    Args:
        met_start, met_people: people present at each meeting, as offsets and rows.
        met_number: name of each meeting in the keys of its draws; their order by default.
        met_chances: chances each meeting gives everybody present on average; one by default.
    """
    names = np.arange(len(met_start) - 1, dtype=np.int64) if met_number is None else met_number
    each = np.ones(len(met_start) - 1) if met_chances is None else met_chances
    ego, number, setting, moment = gather_chances(world, constants, key, week, met_start, met_people, names, each)
    order = np.argsort(moment, kind="stable")
    choose_in_order(world, constants, key, week, ego[order], number[order], setting[order], met_start, met_people)
    return len(order)


def reasons(world: World, constants: Constants, i: int, j: int, week: int) -> dict[str, float]:
    """Why `i` would have, or keep, a tie to `j`: the terms of its value by name, and the strength of the tie where it exists."""
    reached, _ = walk_two_paths(world, i)
    slot = find_tie(world.ties, i, j)
    others = ties_on_own_time(world.ties, i, week)
    if slot < 0:
        asked = world.ties.indegree[j] + 1.0
    else:
        others -= int(world.ties.held_until[i, slot] < week)
        asked = np.float64(world.ties.indegree[j])
    closed, returned = closure_change(world, constants, i, j, int(slot >= 0))
    terms = dict(zip(TERMS, tie_terms(world, constants, i, j, np.float64(others), closed, returned, asked), strict=True))
    forget_two_paths(world, i, reached)
    terms["strength"] = 0.0 if slot < 0 else constants.strength_weight * float(world.ties.strength[i, slot])
    return terms
