"""One world as a file that plays in any browser: every week's ties under each way of leading, at one layout, small enough to send on.

Ties are kept as changes: five bytes where a tie begins, ends, or passes a step of its strength. The drawing is `network_canvas.js`, the
player `replay.js`; both go into the page, which needs nothing else.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.looking import look_before_anybody_leaves
from experiments.network_picture import MOST_PEOPLE, lay_out
from experiments.page import looks
from experiments.provenance import write_whole
from experiments.reading import NOTHING, Beside, Findings
from experiments.report import environment, fonts, read_any
from experiments.report_parts import marker
from experiments.runs import Job, branches, make_region
from experiments.texts import LANGUAGES, Texts, texts
from experiments.words import capital, date_name, names_of_scenarios, policy_name, question, shown_per
from model.learning_network import LearningNetwork
from model.names import school_name
from model.region import Region, Role
from model.ties import STRONG

STEPS = 8
"""Steps of strength that are told apart."""
HELD, STRONG_BIT, LEVEL = 64, 32, 15
"""Bits of a tie's state: held, strong, and its step of strength; 0 is no tie."""
MOST_WAYS = 4
WIDTH, HEIGHT = 560, 460
"""The box in which the network is laid out; a browser scales it."""
CHANGE = np.dtype([("ego", "<u2"), ("alter", "<u2"), ("state", "u1")])

States = NDArray[np.uint8]


# --- recording --------------------------------------------------------------------------------------------------------


def record(job: Job, policies: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Every week of one world under some ways of leading.

    Returns:
        way → `changes` (`CHANGE` records), `weeks` (how many changes each week has, the first being all ties at the start), `lasting`
        (headline outcome each week), `left` (week → rows of people who left then).
    """
    weeks = job.lead_weeks + job.after_weeks
    made = {}
    for policy, world in branches(replace(job, policies=tuple(policies))):
        world.collect = True
        seen, looks_before = [states_of(world)], look_before_anybody_leaves(world, states_of)
        lasting, left = [float(world.measure()["lasting"])], {}
        for week in range(1, weeks + 1):
            spells = world.world.people.spell.copy()
            world.step()
            seen.append(looks_before[world.week] if world.week in looks_before else states_of(world))
            lasting.append(float(world.measures["lasting"]))
            if (gone := np.flatnonzero(world.world.people.spell != spells)).size:
                left[week] = gone.tolist()
        changes = [changes_between(before, after) for before, after in zip([np.zeros_like(seen[0]), *seen], seen, strict=False)]
        made[policy] = {"changes": np.concatenate(changes), "weeks": [len(one) for one in changes], "lasting": lasting, "left": left}
    return made


def states_of(world: LearningNetwork) -> States:
    """The state of every possible tie, uint8 (n, n): 0 without one, else its step of strength with the bits of strong and held."""
    table, people = world.ties(), world.region.people
    strength = np.asarray(table["strength"])
    state = np.clip(np.ceil(strength * STEPS), 1, LEVEL).astype(np.uint8)
    state += np.where(strength >= STRONG, STRONG_BIT, 0).astype(np.uint8)
    state += np.where(np.asarray(table["held_until"]) >= world.week, HELD, 0).astype(np.uint8)
    states = np.zeros((people, people), np.uint8)
    states[np.asarray(table["ego"]), np.asarray(table["alter"])] = state
    return states


def changes_between(before: States, after: States) -> NDArray[np.void]:
    """Records of the ties whose state differs, with what it becomes."""
    ego, alter = np.nonzero(before != after)
    changes = np.zeros(len(ego), CHANGE)
    changes["ego"], changes["alter"], changes["state"] = ego, alter, after[ego, alter]
    return changes


def play_back(made: Mapping[str, Any], people: int) -> Iterator[States]:
    """The states of every week again, from the changes: what the player in the browser does."""
    states, at = np.zeros((people, people), np.uint8), 0
    for count in made["weeks"]:
        part = made["changes"][at : at + count]
        states[part["ego"], part["alter"]] = part["state"]
        at += count
        yield states.copy()


# --- the page ---------------------------------------------------------------------------------------------------------


def write_replay(
    folder: Path, replicate: int, lang: str | None = None, out: Path | None = None, beside: Beside = NOTHING
) -> list[Path]:  # fmt: skip
    """One world of a comparison or sweep as a page to play: in one language, or in both.

    Raises:
        ValueError: where there is no such world, or the region has more people than can be drawn one by one.
    """
    findings = read_any(folder, beside)
    asked = findings.comparison()
    if not 0 <= replicate < asked.replicates:
        raise ValueError(f"--replay {replicate}: must be 0 to {asked.replicates - 1}, the worlds of {folder}")
    region = make_region(asked.source)
    if region.people > MOST_PEOPLE:
        raise ValueError(f"{folder}: {region.people} people; a world is played with up to {MOST_PEOPLE}")
    shown = tuple(policy for policy in asked.policies if policy != "time_freed")[:MOST_WAYS]
    made = record(asked.job("default", replicate), shown)
    written = []
    for language in (lang,) if lang else LANGUAGES:
        path = out or folder / f"replay-{replicate}.{language}.html"
        others = {} if lang else {other: f"replay-{replicate}.{other}.html" for other in LANGUAGES}
        write_whole(path, render(findings, made, region, replicate, texts(language), others).encode())
        written.append(path)
    return written


def render(
    findings: Findings, made: Mapping[str, Mapping[str, Any]], region: Region, replicate: int, words: Texts, others: Mapping[str, str]
) -> str:
    """The page that plays a recorded world."""
    summary = findings.summary
    words = words.with_more(names_of_scenarios(summary, words))
    look = looks(summary["policies"])
    ways = [{"name": capital(policy_name(policy, words)), "mark": _markup(marker(look[policy]))} for policy in made]
    context = {
        "lang": words.language, "say": words, "fonts": fonts(), "others": others, "title": question(summary, words), "ways": ways,
        "replicate": replicate, "scene": scene(region), "texts": _texts_of(summary, words), "newer": not findings.same_model,
        "worlds": [_packed(one, look[policy].colour) for policy, one in made.items()],
        "dates": [summary["lead_weeks"], summary["lead_weeks"] + summary["after_weeks"]],
    }  # fmt: skip
    return environment().get_template("replay.html").render(context)


def scene(region: Region, width: int = WIDTH, height: int = HEIGHT, margin: int = 24) -> dict[str, Any]:
    """Where everybody is, for the canvas: places, roles and schools, in a box of `width` by `height`, free of half a margin all round."""
    layout, middle = lay_out(region, width - margin, height - margin), np.array([width / 2, height / 2])
    schools = [
        {"x": x, "y": y, "r": r, "name": "" if office else school_name(number)}
        for number, ((x, y), r, office) in enumerate(
            zip((layout.centre + middle).round(1).tolist(), layout.radius.round(1).tolist(), region.school_office.tolist(), strict=True)
        )
    ]
    return {
        "width": width, "height": height, "dot": round(layout.dot, 2), "schools": schools,
        "x": (layout.place + middle)[:, 0].round(1).tolist(), "y": (layout.place + middle)[:, 1].round(1).tolist(),
        "role": [Role(int(role)).name.lower() for role in region.role], "school": region.school.tolist(),
    }  # fmt: skip


def _packed(made: Mapping[str, Any], colour: str) -> dict[str, Any]:
    packed = base64.b64encode(made["changes"].tobytes()).decode()
    return {
        "changes": packed, "weeks": made["weeks"], "colour": colour, "left": made["left"],
        "lasting": [round(value * shown_per("lasting"), 1) for value in made["lasting"]],
    }  # fmt: skip


def _texts_of(summary: Mapping[str, Any], words: Texts) -> dict[str, str]:
    """The words that the player writes itself."""
    kept = ("play", "pause", "week", "led", "alone", "strong", "across", "count")
    return {name: words.templates[f"replay.{name}"] for name in kept} | {"after": date_name("after", summary, words)}


def _markup(svg: str) -> Any:
    from markupsafe import Markup

    return Markup(svg)
