"""One comparison on one page: from what was found to words and figures, and from those to a page that needs nothing else.

Its parts are made in `experiments.report_parts`; the page itself is `report.html`, which escapes everything it is given.
"""

from __future__ import annotations

import base64
import functools
from collections.abc import Mapping
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from experiments.provenance import write_whole
from experiments.reading import NOTHING, Beside, Findings, read_findings
from experiments.reading_sweep import is_sweep, map_of_sweep, read_sweep, words_of_sweep
from experiments.report_parts import (
    MOST_NETWORKS,
    Networks,
    assumed,
    course,
    differences,
    ending,
    hero,
    network_pictures,
    questions_to_ask,
    tipping,
    ways_of_leading,
    who_carries,
)
from experiments.runs import Job, look_at_stops, make_region
from experiments.texts import LANGUAGES, Texts, texts
from experiments.tipping import TippingMap
from experiments.words import (
    headline,
    names_of_scenarios,
    question,
    unknowns,
)

_FONTS = Path(__file__).parent / "fonts"


# --- pages ------------------------------------------------------------------------------------------------------------


def write_pages(
    folder: Path, lang: str | None = None, out: Path | None = None, sweep_map: Path | None = None, beside: Beside = NOTHING
) -> list[Path]:
    """Read what a folder holds and write its page: in one language, or in both, each with a link to the other.

    Args:
        out: file of the one page; `report.LANG.html` in the folder without it.
        sweep_map: folder of a sweep over two parameters, to map where the answer tips; the worlds themselves without it.
        beside: data and policies that the result was made with, for the pictures.
    """
    findings = read_any(folder, beside)
    networks, why_not = look_at_networks(findings)
    found = headline(findings.summary)
    grid = map_of_sweep(sweep_map, (found["more"], found["less"])) if sweep_map and found else None
    written = []
    for language in (lang,) if lang else LANGUAGES:
        path = out or folder / f"report.{language}.html"
        others = {} if lang else {other: f"report.{other}.html" for other in LANGUAGES}
        write_whole(path, render(findings, texts(language), networks, why_not, others, grid).encode())
        written.append(path)
    return written


def read_any(folder: Path, beside: Beside = NOTHING) -> Findings:
    """What a folder holds: a comparison, or a sweep as one."""
    return read_sweep(folder, beside) if is_sweep(folder) else read_findings(folder, beside)


def look_at_networks(findings: Findings) -> tuple[Networks, str]:
    """One world under a few ways of leading when the leading stops and a year later; or nothing, and the id of a text that says why."""
    try:
        first = next(findings.comparison().jobs())
        shown = tuple(policy for policy in first.policies if policy != "time_freed")[:MOST_NETWORKS]
        return look_at_stops(Job(**(vars(first) | {"policies": shown}))), "" if findings.same_model else "report.networks.newer"
    except (ValueError, OSError):
        return {}, "report.networks.gone"


def render(
    findings: Findings, words: Texts, networks: Networks, note: str = "", others: Mapping[str, str] | None = None,
    grid: TippingMap | None = None,
) -> str:  # fmt: skip
    """The page of a comparison.

    Args:
        networks: way of leading → "stop" and "after" → columns of ties; {} leaves the pictures out.
        note: id of a text to go with the pictures, or "".
        others: language → page in that language, for the choice of language; {} without.
        grid: where the answer tips, from a sweep; counted from the worlds without it.
    """
    summary = findings.summary
    words = words_of_sweep(words) if "sweep" in summary else words
    words = words.with_more(names_of_scenarios(summary, words))
    region = make_region(findings.comparison().source) if networks else None
    context = {
        "lang": words.language,
        "others": others or {},
        "say": words,
        "fonts": fonts(),
        "title": question(summary, words),
        "hero": hero(summary, words),
        "ways": ways_of_leading(findings, words),
        "course": course(findings, words),
        "differences": differences(summary, words),
        "tipping": tipping(findings, words, grid),
        "carry": who_carries(findings, words),
        "networks": network_pictures(networks, region, summary, words) if region is not None else [],
        "networks_note": words(note) if note else "",
        "assumed": assumed(findings, words),
        "unknown": unknowns(words),
        "asks": list(questions_to_ask(summary, words)),
        "end": ending(findings, words),
    }
    return environment().get_template("report.html").render(context)


@functools.cache
def environment() -> Environment:
    """Templates that escape everything that is not a figure of our own."""
    return Environment(loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined, trim_blocks=True)


@functools.cache
def fonts() -> dict[int, str]:
    """The two weights of Roboto, each as base64."""
    files = {400: "Roboto-Regular.ttf", 500: "Roboto-Medium.ttf"}
    return {weight: base64.b64encode((_FONTS / name).read_bytes()).decode() for weight, name in files.items()}
