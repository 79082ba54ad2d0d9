"""What a week does to people and ties: work, learning, feeling.

The equations are written where they are used; where they come from, and which numbers are guesses, stands in `ODD.md`.
"""

from __future__ import annotations

import math

import numpy as np

from model.people import PERIOD, TOPICS, UNITS, clip
from model.randomness import Purpose, kernel, kernel_part, person_key, uniform, week_key
from model.region import Level
from model.ties import NEVER, STRONG, Origin, as_row
from model.world import FULL_PART, World, hours_a_week, level_between, ties_on_own_time

_TEAM, _SCHOOL, _BOARD, _TOWN, _SWV, _ELSEWHERE = (int(level) for level in Level)
_CONTACT, _CARRY_BACK, _ASSIGNED = int(Purpose.CONTACT), int(Purpose.CARRY_BACK), int(Origin.ASSIGNED)
MOST_UNITS = 4.0
"""Contact units a week from which one can learn; more of the same teaches nothing new that week."""
COMPETENCE_SCALE = 5.0
"""Contact units a week, learning and asked together, at which competence is 1 - 1/e."""
GOOD_TIES = 3.0
"""Own strength at which relatedness is 1 - 1/e."""


@kernel_part
def contact_chance(world, c, i, j, level, strength):
    """Chance that the tie i → j is in contact in a week without a move."""
    if level == _TEAM:
        base = c.contact_team
    elif level == _SCHOOL:
        base = c.contact_school
    elif level == _BOARD:
        base = c.contact_across
    else:
        base = c.contact_elsewhere
    lively = world.units.lively[world.places.unit[i, level]]
    base += c.contact_participation * lively * (1.0 - base)
    base += (1.0 - base) * c.contact_strength * strength
    return base * min(world.notes.time[i], world.notes.time[j])


@kernel_part
def in_contact(world, key, i, j):
    """The keyed number that decides on contact; one for a pair, so that both ways of a mutual tie meet together."""
    spell = world.people.spell
    low, high = min(i, j), max(i, j)
    return uniform(person_key(person_key(key, low, spell[low]), high, spell[high]))


@kernel_part
def fit_between(people, c, i, j):
    """How well two people's interests fit, fit_floor..1 (Bhattacharyya coefficient of their interests)."""
    shared = 0.0
    for topic in range(TOPICS):
        shared += math.sqrt(np.float64(people.interest[i, topic]) * np.float64(people.interest[j, topic]))
    return c.fit_floor + (1.0 - c.fit_floor) * shared


@kernel_part
def engagement(people, c, i):
    """What somebody brings to a contact, the same for chosen and held ties: max(engagement_floor, energy)."""
    return max(c.engagement_floor, np.float64(people.energy[i]))


@kernel_part
def after_contact(strength, units, step):
    """Strength after `units` of contact, each of which closes the share `step` of what is missing."""
    return strength + (1.0 - strength) * (1.0 - math.pow(1.0 - step, units))


@kernel_part
def after_silence(c, strength, released_assignment):
    """Strength after a week without contact; strong ties fade more slowly."""
    loss = (c.decay_weak + (c.decay_strong - c.decay_weak) * strength) * strength
    return max(0.0, strength - loss * (c.pulled_decay_mult if released_assignment else 1.0))


@kernel
def work(world, c, key, week):
    """Phase 4: ties in contact grow, the others fade. `world.contact` holds move hours before and contact units after."""
    ties, people, contact = world.ties, world.people, world.contact
    contacts = week_key(key, _CONTACT, week)
    for i in range(len(ties.degree)):
        for slot in range(ties.degree[i]):
            j = as_row(ties.alter[i, slot])
            strength = np.float64(ties.strength[i, slot])
            chance = contact_chance(world, c, i, j, level_between(world.places, i, j), strength)
            units = np.float64(contact[i, slot]) / c.hours_per_tie
            if in_contact(world, contacts, i, j) < chance:
                units += 1.0
            contact[i, slot] = units
            step = c.gain * engagement(people, c, i) * engagement(people, c, j) * fit_between(people, c, i, j)
            released = ties.origin[i, slot] == _ASSIGNED and ties.held_until[i, slot] < week
            if units * (units - 1.0) == 0.0:  # 0 or 1, without moves; both outcomes are made because nobody could predict which
                grown, faded = strength + (1.0 - strength) * (1.0 - (1.0 - step)), after_silence(c, strength, released)
                ties.strength[i, slot] = grown if units > 0.0 else faded
            else:
                ties.strength[i, slot] = after_contact(strength, units, step)
            _date_strength(ties, i, slot, week)


@kernel_part
def _date_strength(ties, i, slot, week):
    if ties.strength[i, slot] < STRONG:
        ties.strong_since[i, slot] = NEVER
    elif ties.strong_since[i, slot] == NEVER:
        ties.strong_since[i, slot] = week


@kernel
def learn(world, c, key, week):
    """Phase 5: knowledge flows along ties, practice follows, what was learnt outside is carried back."""
    notes = world.notes
    for i in range(len(notes)):
        notes.asked[i] = 0.0
        for topic in range(TOPICS):
            notes.learnt[i, topic] = notes.outside[i, topic] = 0.0
    for i in range(len(world.ties.degree)):
        for slot in range(world.ties.degree[i]):
            _learn_from(world, c, i, slot)
    _carry_back(world, c, week_key(key, _CARRY_BACK, week))
    for i in range(len(world.ties.degree)):
        _grow_knowledge(world.people, c, notes, i)


@kernel_part
def _learn_from(world, c, i, slot):
    people, ties, notes = world.people, world.ties, world.notes
    units = min(np.float64(world.contact[i, slot]), MOST_UNITS)
    if units <= 0.0:
        return
    j = as_row(ties.alter[i, slot])
    notes.asked[j] += units
    pace = c.learning * np.float64(ties.strength[i, slot]) * (0.5 + np.float64(people.energy[i])) * units / (1.0 + 0.1 * ties.degree[i])
    outside = world.places.unit[i, _SCHOOL] != world.places.unit[j, _SCHOOL]
    for topic in range(TOPICS):  # without branches, which nobody could predict
        gap = max(0.0, np.float64(people.knowledge[j, topic]) - np.float64(people.knowledge[i, topic]))
        gained = pace * np.float64(people.interest[i, topic]) * gap
        notes.learnt[i, topic] += gained
        notes.outside[i, topic] += gained if outside else 0.0
        shows = people.practice[j, topic] > people.practice[i, topic]
        people.reinforced[i, topic] += np.uint8(shows and people.reinforced[i, topic] < 200)


@kernel_part
def _carry_back(world, c, key):
    people, notes, units = world.people, world.notes, world.units
    for i in range(len(people)):
        brought = 0.0
        for topic in range(TOPICS):
            brought += notes.outside[i, topic]
        team = world.places.unit[i, _TEAM]
        if brought > 0.0 and uniform(person_key(key, i, people.spell[i])) < c.carry_back:
            for j in range(units.start[team], units.stop[team]):
                for topic in range(TOPICS):
                    if j != i and not world.notes.absent[j] and people.knowledge[j, topic] < people.knowledge[i, topic]:
                        notes.learnt[j, topic] += notes.outside[i, topic]


@kernel_part
def _grow_knowledge(people, c, notes, i):
    for topic in range(TOPICS):
        knowledge = np.float64(people.knowledge[i, topic])
        own = c.own_practice * np.float64(people.interest[i, topic]) * TOPICS * (1.0 - knowledge)
        knowledge = clip(knowledge + notes.learnt[i, topic] + own - c.obsolescence * knowledge, 0.0, 1.0)
        people.knowledge[i, topic] = knowledge
        if people.reinforced[i, topic] >= c.threshold:
            practice = np.float64(people.practice[i, topic])
            people.practice[i, topic] = practice + c.practice_step * (knowledge - practice)
            people.reinforced[i, topic] = 0


@kernel_part
def perceived_control(world, c, i):
    """Half compulsory hours beyond team time (against own time), half the share of topics set by others, 0..1."""
    people = world.people
    beyond = max(0.0, hours_a_week(people.compulsory, i) - c.team_hours / PERIOD)
    return 0.5 * min(1.0, beyond / max(0.2, c.own_hours * np.float64(people.fte[i]))) + 0.5 * np.float64(people.prescribed[i])


@kernel_part
def shared_goal(world, i):
    """How far a goal is shared where one belongs: the strongest of goal x belonging over the levels."""
    most = 0.0
    for level in range(UNITS):
        most = max(most, world.units.goal[world.places.unit[i, level]] * np.float64(world.people.belonging[i, level]))
    return most


@kernel_part
def legitimacy_for(world, c, i):
    """How far `i` sees compulsion as justified: legitimacy, and more where a goal is shared."""
    return c.legitimacy + (1.0 - c.legitimacy) * shared_goal(world, i)


@kernel_part
def crowding_share(world, c, i):
    """How far crowding bites: 1 - legitimacy; in form 1, legitimacy where crowding is below zero."""
    if c.crowding_form > 0.0 and c.crowding < 0.0:
        return legitimacy_for(world, c, i)
    return 1.0 - legitimacy_for(world, c, i)


@kernel_part
def energy_target(world, c, i, week):
    """Where the energy of `i` is going, 0.05..0.95: the sum of base and six small terms."""
    people, notes = world.people, world.notes
    own_strength = 0.0
    for level in range(len(FULL_PART)):
        own_strength += notes.part[i, level]
    related = c.energy_relatedness * (0.5 - math.exp(-own_strength / GOOD_TIES))
    competent = c.energy_competence * (np.float64(people.competence[i]) - 0.5)
    load = ties_on_own_time(world.ties, i, week) / notes.capacity[i]
    waiting = c.wait_signal * world.units.waiting[world.places.unit[i, _SCHOOL]]
    goal = c.goal_effect * shared_goal(world, i)
    control = c.crowding * perceived_control(world, c, i) * crowding_share(world, c, i)
    overload = c.overload_slope * max(0.0, load - 1.0)
    return clip(np.float64(people.base_energy[i]) + related + competent + goal + waiting - control - overload, 0.05, 0.95)


@kernel
def feel(world, c, week):
    """Phase 6: energy and belonging move slowly to where the week points; goals without activities fade."""
    people, notes, units = world.people, world.notes, world.units
    for i in range(len(people.energy)):
        minutes = np.float64(people.scheduled[i, week % PERIOD])
        own_minutes = 60.0 * max(0.2, c.own_hours * np.float64(people.fte[i]))
        share = np.float64(notes.prescribed[i]) / (minutes + own_minutes)
        prescribed, competence = np.float64(people.prescribed[i]), np.float64(people.competence[i])
        people.prescribed[i] = prescribed + (share - prescribed) / PERIOD
        people.competence[i] = competence + (_competence_now(world, i) - competence) / PERIOD
        energy = np.float64(people.energy[i])
        people.energy[i] = clip(energy + c.energy_speed * (energy_target(world, c, i, week) - energy), 0.05, 0.95)
        _belong(world, c, i)
    for unit in range(len(units.goal)):
        units.goal[unit] *= 1.0 - c.goal_decay


@kernel_part
def _competence_now(world, i):
    units = world.notes.asked[i]
    for slot in range(world.ties.degree[i]):
        units += min(np.float64(world.contact[i, slot]), MOST_UNITS)
    return 1.0 - math.exp(-units / COMPETENCE_SCALE)


@kernel_part
def _belong(world, c, i):
    people, notes = world.people, world.notes
    for level in range(UNITS):
        good = 1.0 - math.exp(-notes.part[i, level] / FULL_PART[level])
        target = (1.0 - c.belonging_mix) * np.float64(people.base_belonging[i]) + c.belonging_mix * good
        now = np.float64(people.belonging[i, level])
        people.belonging[i, level] = now + c.belonging_speed * (target - now)


def begin_week(world: World, week: int) -> None:
    """Empty what belongs to one week only: move hours, this week's place in the rings, freed time and waiting."""
    notes, people, units = world.notes, world.people, world.units
    world.contact[:] = 0.0
    notes.prescribed[:] = 0.0
    people.scheduled[:, week % PERIOD] = 0
    people.compulsory[:, week % PERIOD] = 0
    units.freed[:] = 0.0
    units.waiting[:] = 0.0
