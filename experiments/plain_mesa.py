"""The same model as a typical Mesa user would write it: agents with dictionaries of ties, and an ordinary random generator.

It is the yardstick of `experiments.bench` and a second, independent writing of a week of own growth (no moves). Nothing here is slow on
purpose: in-degrees are kept up to date, weekly quantities are computed once, and no graph is built.
"""

from __future__ import annotations

import math
import random
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from statistics import fmean, pstdev

import mesa

from model.measures import WEEKLY
from model.parameters import Parameters
from model.people import TOPICS, UNITS
from model.region import Level, Region, Role
from model.ties import LASTING_WEEKS, STRONG, Origin
from model.world import FULL_PART, RESTING_PART

FIRST_STRENGTH, MOST_UNITS, YEAR = 0.1, 4.0, 40
_COMPANY: tuple[Callable[[float], float], ...] = (
    lambda part: 1.5 * part / (part + 0.5),
    lambda part: part,
    lambda part: 4 * part * (1 - part),
    lambda part: part**3 / (part**3 + 0.027),
)
"""Shapes of the network effect: saturating, linear, inverted U, S."""


@dataclass
class PlainTie:
    """What somebody knows of one of their ties."""

    strength: float
    born: int
    origin: Origin = Origin.CHOSEN
    strong_since: int | None = None


@dataclass
class Unit:
    """A team, school, board, town, samenwerkingsverband or the whole region, and who belongs to it."""

    members: list[PlainEducator] = field(default_factory=list)
    lively: float = 0.0


class PlainEducator(mesa.Agent):
    """Somebody with ties, energy, knowledge and belonging of their own."""

    def __init__(self, model: PlainNetwork, row: int, units: list[Unit]) -> None:
        super().__init__(model)
        region, p, dice = model.region, model.p, model.dice
        self.units, self.role, self.hats = units, Role(int(region.role[row])), int(region.hats[row])
        self.fte = min(1.0, max(0.2, dice.gauss(p["fte_mean"], p["fte_sd"])))
        self.activity, self.popularity = dice.gauss(0, p["sd_activity"]), dice.gauss(0, p["sd_popularity"])
        self.base_energy = self.energy = min(0.95, max(0.05, dice.gauss(p["energy_mean"], p["energy_sd"])))
        self.base_belonging = min(1.0, max(0.0, dice.gauss(p["belonging_base"], p["belonging_sd"])))
        self.belonging = [self.base_belonging] * UNITS
        weights = [math.exp(0.8 * dice.gauss(0, 1)) for _ in range(TOPICS)]
        self.interest = [weight / sum(weights) for weight in weights]
        self.knowledge = [min(1.0, max(0.0, dice.gauss(p["knowledge_mean"], p["knowledge_sd"]))) for _ in range(TOPICS)]
        self.practice = [0.7 * knowledge for knowledge in self.knowledge]
        self.reinforced = [0] * TOPICS
        self.competence, self.asked_by = 0.5, 0
        self.ties: dict[PlainEducator, PlainTie] = {}
        self.part, self.capacity, self.time = [0.0] * len(Level), 1.0, 1.0
        self.contacts: dict[PlainEducator, float] = {}
        self.learnt, self.outside, self.asked = [0.0] * TOPICS, [0.0] * TOPICS, 0.0

    def level_with(self, other: PlainEducator) -> int:
        """The closest level shared."""
        return next(level for level, unit in enumerate(self.units) if unit is other.units[level])

    def take_stock(self) -> None:
        """Own strength at each level, and how many ties own time allows."""
        p = self.model.p
        self.part = [0.0] * len(Level)
        for other, tie in self.ties.items():
            self.part[self.level_with(other)] += tie.strength
        own = p["own_hours"] * self.fte * (1 + 2 * p["energy_hours"] * (self.energy - 0.5))
        self.capacity = max(0.2, own + p["spill"] * p["team_hours"] / 8) / p["hours_per_tie"]
        self.time = min(1.0, self.capacity / max(1, len(self.ties)))
        for unit, part, full in zip(self.units, self.part, FULL_PART, strict=True):
            unit.lively += min(1.0, part / full) / len(unit.members)

    def gap(self, other: PlainEducator) -> float:
        """What there is to learn from somebody."""
        rows = zip(self.interest, self.knowledge, other.knowledge, strict=True)
        return sum(interest * max(0.0, more - own) for interest, own, more in rows)

    def value(self, other: PlainEducator, others: int, closed: float, asked: int) -> float:
        """What a tie is worth, in logits."""
        p, level = self.model.p, self.level_with(other)
        value: float = p["baseline"] - p["cost"] * (others + 0.5) / self.capacity + self.model.level_value[level]
        value += self.activity + other.popularity + p["closure"] * closed + p["indegree"] * float(math.pow(asked, p["indegree_power"]))
        value += p["reciprocity"] * (self in other.ties) + p["same_hat"] * bool(self.hats & other.hats)
        value += p["role_coach"] * (other.role is Role.COACH) + p["role_leader"] * (other.role in (Role.LEADER, Role.BOARD))
        value += p["learn"] * self.gap(other) + p["energy_weight"] * (self.energy - 0.5)
        if level < UNITS:
            value += p["belonging_weight"] * (self.belonging[level] - 0.5)
        if p["network_effect"]:
            value += self.company(level)
        return value

    def company(self, level: int) -> float:
        """Network effect: how much livelier the unit is than at rest, as far as one does not take part there already."""
        p, worth = self.model.p, _COMPANY[int(self.model.p["network_shape"])]
        room = 1 - min(1.0, self.part[level] / FULL_PART[level])
        pull: float = p["network_effect_scale"] * p["network_effect"] * room
        return pull * (worth(self.units[level].lively) - worth(RESTING_PART[level]))

    def closing(self, other: PlainEducator, paths: Counter[PlainEducator], gone: int) -> float:
        """Worth of the two-paths a tie closes (`gone` is 1 for a tie that exists)."""
        total: float = self.model.worth(paths[other])
        for middle in self.ties:
            if middle is not other and middle in other.ties:
                total += self.model.worth(paths[middle] + 1 - gone) - self.model.worth(paths[middle] - gone)
        return total

    def meet(self, paths: Counter[PlainEducator]) -> list[PlainEducator]:
        """A few people from team, school and friends of friends, drawn by weight without replacement."""
        p, weights = self.model.p, defaultdict[PlainEducator, float](float)
        for level, setting in ((Level.TEAM, "setting_team"), (Level.SCHOOL, "setting_school")):
            members = self.units[level].members
            for other in members:
                weights[other] += p[setting] / max(1, len(members) - 1)
        total = max(1, sum(paths.values()))
        for other, count in paths.items():
            weights[other] += p["setting_friends"] * count / total
        weights.pop(self, None)
        scores = {other: self.model.dice.expovariate(1) / weight for other, weight in weights.items() if weight > 0}
        return sorted(scores, key=scores.__getitem__)[: int(p["candidates"])]

    def take_chances(self) -> None:
        """This week's chances to change a tie, and perhaps an encounter outside the school."""
        p, dice = self.model.p, self.model.dice
        for _ in range(_poisson(dice, p["rate"])):
            paths = Counter(far for near in self.ties for far in near.ties if far is not self)
            self.choose(self.meet(paths), paths, may_drop=True)
        if dice.random() < p["p_meet_outside"] * (1 + p["outside_amplifier"] * self.units[Level.BOARD].lively):
            names = ("outside_board", "outside_town", "outside_swv", "outside_elsewhere")
            level = dice.choices(range(Level.BOARD, len(Level)), [p[name] for name in names])[0]
            other = dice.choice(self.units[level].members)
            if other.units[Level.SCHOOL] is not self.units[Level.SCHOOL]:
                self.choose([other], Counter(far for near in self.ties for far in near.ties if far is not self), may_drop=False)

    def choose(self, met: list[PlainEducator], paths: Counter[PlainEducator], may_drop: bool) -> None:
        """Add one, drop one or do nothing, by a multinomial logit."""
        options: list[tuple[float, PlainEducator | None]] = [(0.0, None)]
        for other in met:
            if other not in self.ties:
                options.append((self.value(other, len(self.ties), self.closing(other, paths, 0), other.asked_by + 1), other))
        for other, tie in self.ties.items() if may_drop else ():
            worth = self.value(other, len(self.ties) - 1, self.closing(other, paths, 1), other.asked_by)
            options.append((-worth - self.model.p["strength_weight"] * tie.strength, other))
        weights = [math.exp(min(700.0, value)) for value, _ in options]
        chosen = self.model.dice.choices(options, weights)[0][1]
        if chosen is None:
            return
        if chosen in self.ties:
            del self.ties[chosen]
            chosen.asked_by -= 1
        else:
            self.ties[chosen] = PlainTie(FIRST_STRENGTH, self.model.steps)
            chosen.asked_by += 1

    def work(self) -> None:
        """Ties in contact grow, the others fade."""
        p, week = self.model.p, self.model.steps
        self.contacts = {}
        for other, tie in self.ties.items():
            if self.model.in_contact(self, other, tie.strength):
                self.contacts[other] = 1.0
                shared = sum(math.sqrt(a * b) for a, b in zip(self.interest, other.interest, strict=True))
                fit = p["fit_floor"] + (1 - p["fit_floor"]) * shared
                floor = p["engagement_floor"]
                tie.strength += (1 - tie.strength) * p["gain"] * max(floor, self.energy) * max(floor, other.energy) * fit
            else:
                tie.strength -= (p["decay_weak"] + (p["decay_strong"] - p["decay_weak"]) * tie.strength) * tie.strength
            if tie.strength < STRONG:
                tie.strong_since = None
            elif tie.strong_since is None:
                tie.strong_since = week

    def learn(self) -> None:
        """Learn from those in contact; what comes from outside may be carried back."""
        p = self.model.p
        for other in self.contacts:
            other.asked += 1.0
            pace = p["learning"] * self.ties[other].strength * (0.5 + self.energy) / (1 + 0.1 * len(self.ties))
            for topic in range(TOPICS):
                gained = pace * self.interest[topic] * max(0.0, other.knowledge[topic] - self.knowledge[topic])
                self.learnt[topic] += gained
                if other.units[Level.SCHOOL] is not self.units[Level.SCHOOL]:
                    self.outside[topic] += gained
                if other.practice[topic] > self.practice[topic]:
                    self.reinforced[topic] += 1
        if any(self.outside) and self.model.dice.random() < p["carry_back"]:
            for mate in self.units[Level.TEAM].members:
                for topic in range(TOPICS):
                    if mate.knowledge[topic] < self.knowledge[topic]:
                        mate.learnt[topic] += self.outside[topic]

    def remember(self) -> None:
        """Knowledge grows and goes out of date; practice follows after enough contacts."""
        p = self.model.p
        for topic in range(TOPICS):
            own = p["own_practice"] * self.interest[topic] * TOPICS * (1 - self.knowledge[topic])
            now = self.knowledge[topic] + self.learnt[topic] + own - p["obsolescence"] * self.knowledge[topic]
            self.knowledge[topic] = min(1.0, max(0.0, now))
            if self.reinforced[topic] >= p["threshold"]:
                self.practice[topic] += p["practice_step"] * (self.knowledge[topic] - self.practice[topic])
                self.reinforced[topic] = 0
        self.learnt, self.outside = [0.0] * TOPICS, [0.0] * TOPICS

    def feel(self) -> None:
        """Energy and belonging move slowly to where the week points."""
        p = self.model.p
        units = self.asked + sum(min(MOST_UNITS, self.contacts.get(other, 0.0)) for other in self.ties)
        self.competence += (1 - math.exp(-units / 5) - self.competence) / 8
        related = p["energy_relatedness"] * (0.5 - math.exp(-sum(self.part) / 3))
        overload = p["overload_slope"] * max(0.0, len(self.ties) / self.capacity - 1)
        target = self.base_energy + related + p["energy_competence"] * (self.competence - 0.5) - overload
        self.energy += p["energy_speed"] * (min(0.95, max(0.05, target)) - self.energy)
        for level in range(UNITS):
            good = 1 - math.exp(-self.part[level] / FULL_PART[level])
            aim = (1 - p["belonging_mix"]) * self.base_belonging + p["belonging_mix"] * good
            self.belonging[level] += p["belonging_speed"] * (aim - self.belonging[level])
        self.asked = 0.0


Dyad = tuple[PlainEducator, PlainEducator, PlainTie]


class PlainNetwork(mesa.Model):
    """Own growth of a region, week by week: take stock, choose, work, learn, feel, measure, and the end of a school year."""

    def __init__(self, region: Region, seed: int, parameters: Parameters | None = None) -> None:
        super().__init__(rng=seed)
        self.region, self.p, self.dice = region, (parameters or Parameters()).values(), random.Random(seed)
        across, p = self.p["level_value_across"], self.p
        steps = (0.0, p["level_step_town"], p["level_step_swv"], p["level_step_elsewhere"])
        self.level_value = [p["level_value_team"], 0.0, *(across + step for step in steps)]
        self.places = [self._units_of(row, made) for made in [dict[tuple[int, int], Unit]()] for row in range(region.people)]
        self.people = [self._hire(row) for row in range(region.people)]
        for one in self.people:
            other = self.dice.choice(one.units[Level.SCHOOL].members)
            if other is not one:
                one.ties[other] = PlainTie(0.3, 0, Origin.FIRST)
                other.asked_by += 1
        self.met: dict[tuple[int, int], float] = {}
        self.measures: dict[str, float] = {}
        self.datacollector = mesa.DataCollector(model_reporters={name: _reader(name) for name in WEEKLY})

    def _units_of(self, row: int, made: dict[tuple[int, int], Unit]) -> list[Unit]:
        r, school = self.region, self.region.school[row]
        numbers = (r.team[row], school, r.school_board[school], r.school_town[school], r.school_swv[school], 0)
        return [made.setdefault((level, int(number)), Unit()) for level, number in enumerate(numbers)]

    def _hire(self, row: int) -> PlainEducator:
        newcomer = PlainEducator(self, row, self.places[row])
        for unit in newcomer.units:
            unit.members.append(newcomer)
        return newcomer

    def worth(self, paths: int) -> float:
        """Worth of a number of two-paths: all alike, or each half the one before."""
        return paths if self.p["closure_linear"] else 2 - 2 * 0.5**paths

    def in_contact(self, one: PlainEducator, other: PlainEducator, strength: float) -> bool:
        """Whether two people are in contact this week; both ways of a mutual tie share one draw."""
        p, level = self.p, one.level_with(other)
        base = (p["contact_team"], p["contact_school"], p["contact_across"])[level] if level < 3 else p["contact_elsewhere"]
        base += p["contact_participation"] * one.units[level].lively * (1 - base)
        base += (1 - base) * p["contact_strength"] * strength
        pair = (min(one.unique_id, other.unique_id), max(one.unique_id, other.unique_id))
        if pair not in self.met:
            self.met[pair] = self.dice.random()
        return self.met[pair] < base * min(one.time, other.time)

    def step(self) -> None:
        """One school week."""
        self.met = {}
        for place in self.places:
            for unit in place:
                unit.lively = 0.0
        self.agents.do("take_stock")
        self.agents.shuffle_do("take_chances")
        for phase in ("work", "learn", "remember", "feel"):
            self.agents.do(phase)
        self.measure()
        if self.steps % YEAR == 0:
            self.end_school_year()

    def measure(self) -> None:
        """Take the outcomes of the week, the same as the model's, and collect them."""
        ties = [(one, other, tie) for one in self.people for other, tie in one.ties.items()]
        self.measures = self._measure_ties(ties) | self._measure_lasting(ties) | self._measure_shape() | self._measure_people()
        self.measures |= {"leader_hours": 0.0, "teacher_hours": 0.0, "overfull": 0.0}
        self.datacollector.collect(self)

    def _measure_ties(self, ties: list[Dyad]) -> dict[str, float]:
        n, total = len(self.people), max(1, len(ties))
        levels = Counter(one.level_with(other) for one, other, _ in ties)
        across = sum(levels[level] for level in range(Level.BOARD, len(Level))) / total
        across_teams = 1 - levels[Level.TEAM] / total
        return {
            "ties": len(ties) / n,
            "strong": sum(tie.strength >= STRONG for _, _, tie in ties) / n,
            "nobody": sum(not one.ties for one in self.people) / n,
            "isolated": sum(not one.ties and not one.asked_by for one in self.people) / n,
            "across": across,
            "across_teams": across_teams,
            "across_boards": sum(levels[level] for level in range(Level.TOWN, len(Level))) / total,
            "ei_index": 2 * across - 1,
            "ei_team": 2 * across_teams - 1,
            "reciprocity": sum(one in other.ties for one, other, _ in ties) / total,
        }

    def _measure_lasting(self, ties: list[Dyad]) -> dict[str, float]:
        """Lasting ties per teacher: all, by when they began, by level and by origin."""
        teachers = max(1, sum(one.role is Role.TEACHER for one in self.people))
        lasting = [
            (one.level_with(other), tie)
            for one, other, tie in ties
            if one.role is Role.TEACHER and tie.strong_since is not None and self.steps - tie.strong_since >= LASTING_WEEKS
        ]
        levels, origins = Counter(level for level, _ in lasting), Counter(tie.origin for _, tie in lasting)
        counts = {
            "lasting": len(lasting),
            "lasting_across": sum(level >= Level.BOARD for level, _ in lasting),
            "survivors": sum(tie.strong_since is not None and tie.strong_since <= YEAR for _, tie in lasting),
            "born_after": sum(tie.born > YEAR for _, tie in lasting),
            "from_start": sum(tie.born < 1 for _, tie in lasting),
        }
        counts |= {f"lasting_{level.name.lower()}": levels[level] for level in Level}
        counts |= {f"lasting_{origin.name.lower()}": origins[origin] for origin in Origin}
        return {name: count / teachers for name, count in counts.items()}

    def _measure_shape(self) -> dict[str, float]:
        """Closure, reach, the largest connected group, and how unequally people are asked."""
        n, closed, paths, steps = len(self.people), 0, 0, 0
        for one in self.people:
            reached = set(one.ties)
            for near in one.ties:
                reached.update(near.ties)
                for far in near.ties:
                    paths += far is not one
                    closed += far is not one and far in one.ties
            steps += len(reached - {one})
        asked = sorted(one.asked_by for one in self.people)
        ranked, total = sum(rank * count for rank, count in enumerate(asked, 1)), sum(asked)
        return {
            "closure": closed / max(1, paths),
            "centralisation": sum(asked[-1] - count for count in asked) / (n - 1) ** 2 if n > 1 else 0.0,
            "gini": 2 * ranked / (n * total) - (n + 1) / n if total else 0.0,
            "largest": _largest_group(self.people) / n,
            "two_steps": steps / n,
            "two_steps_share": steps / n / max(1, n - 1),
        }

    def _measure_people(self) -> dict[str, float]:
        energy = [one.energy for one in self.people]
        knowledge = [sum(one.knowledge) / TOPICS for one in self.people]
        practice = [sum(one.practice) / TOPICS for one in self.people if one.role is Role.TEACHER]
        return {
            "energy": fmean(energy),
            "energy_low": _quarter(energy),
            "knowledge": fmean(knowledge),
            "knowledge_low": _quarter(knowledge),
            "knowledge_spread": pstdev(knowledge),
            "practice": fmean(practice),
            "practice_low": _quarter(practice),
        }

    def end_school_year(self) -> None:
        """People leave and others come in their place."""
        for row, one in enumerate(self.people):
            leads = one.role in (Role.LEADER, Role.BOARD)
            if self.dice.random() < self.p["leader_leaves" if leads else "staff_turnover"]:
                for other in one.ties:
                    other.asked_by -= 1
                for other in self.people:
                    other.ties.pop(one, None)
                for unit in one.units:
                    unit.members.remove(one)
                one.remove()
                self.people[row] = self._hire(row)


def _reader(name: str) -> Callable[[PlainNetwork], float]:
    return lambda model: model.measures[name]


def _largest_group(people: list[PlainEducator]) -> int:
    """People in the largest group connected by ties either way."""
    neighbours: dict[PlainEducator, set[PlainEducator]] = {one: set(one.ties) for one in people}
    for one in people:
        for other in one.ties:
            neighbours[other].add(one)
    largest, left = 0, set(people)
    while left:
        group, front = 0, [left.pop()]
        while front:
            group += 1
            found = neighbours[front.pop()] & left
            left -= found
            front += found
        largest = max(largest, group)
    return largest


def _quarter(values: list[float]) -> float:
    return sorted(values)[max(0, -(-len(values) // 4) - 1)]


def _poisson(dice: random.Random, mean: float) -> int:
    count, left = 0, dice.random() - math.exp(-mean)
    chance = math.exp(-mean)
    while left > 0:
        count += 1
        chance *= mean / count
        left -= chance
    return count
