"""A comparison as a folder for others: README with question, answer and command, numbers as CSV, figures and page in both languages."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from experiments.figures import describe_lines, draw_lines, save
from experiments.provenance import write_whole
from experiments.reading import NOTHING, Beside, Findings, read_findings
from experiments.report import write_pages
from experiments.report_parts import firmness, numbers_table
from experiments.texts import LANGUAGES, Texts, texts
from experiments.words import answer, at_equal_teacher_hours, extent, names_of_scenarios, question, second_answer, tell_decider


def write_folder(folder: Path, sweep_map: Path | None = None, beside: Beside = NOTHING) -> list[Path]:
    """Leave README.md, numbers.csv, the lines and the page in each language beside the results of a comparison."""
    findings = read_findings(folder)
    for language in LANGUAGES:
        save(draw_lines(findings.lines, findings.summary, _words(findings, language)), folder / f"lines.{language}.png")
    write_whole(folder / "numbers.csv", numbers_table(findings.summary).encode())
    write_whole(folder / "README.md", readme(findings).encode())
    return [folder / "README.md", *write_pages(folder, sweep_map=sweep_map, beside=beside)]


def readme(findings: Findings) -> str:
    """Question, answer, figure, command, number of runs and seconds, in English and then in Dutch."""
    parts = [line for language in ("en", "nl") for line in _told(findings, _words(findings, language), first=language == "en")]
    return "\n\n".join(parts) + "\n"


def _words(findings: Findings, language: str) -> Texts:
    words = texts(language)
    return words.with_more(names_of_scenarios(findings.summary, words))


def _told(findings: Findings, words: Texts, *, first: bool) -> Iterator[str]:
    summary = findings.summary
    yield f"{'#' if first else '##'} {question(summary, words)}"
    yield answer(summary, words)
    more = [second_answer(summary, words), at_equal_teacher_hours(summary, words), words("answer.brackets"), extent(summary, words)]
    yield " ".join(part for part in more if part)
    yield "\n".join(f"- {tell_decider(one, words)}" for one in summary["deciders"]) or words("deciders.none")
    yield " ".join(firmness(summary, words))
    yield f"![{describe_lines(summary, words)}](lines.{words.language}.png)"
    runs = len(summary["policies"]) * (summary["replicates"] + summary["worlds"])
    command = summary["command"] if "--report" in summary["command"] else f"{summary['command']} --report"
    places = {"command": command, "runs": words.number(runs), "seconds": seconds_of(findings.folder)}
    yield words("report.folder.made", page=f"report.{words.language}.html", **places)


def seconds_of(folder: Path) -> int:
    """Seconds from the beginning to the end of the command that made the results."""
    facts = json.loads((folder / "provenance.json").read_text(encoding="utf-8"))
    if "seconds" in facts:
        return int(facts["seconds"])
    begun, ended = (datetime.fromisoformat(facts[name]) for name in ("started", "finished"))
    return round((ended - begun).total_seconds())


def seconds_so_far(folder: Path, settings: object) -> int:
    """Seconds that the same question has taken in this folder before; 0 where it is another question."""
    path = folder / "provenance.json"
    if not path.is_file():
        return 0
    try:
        facts = json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        return 0
    same = isinstance(facts, dict) and facts.get("settings") == json.loads(json.dumps(settings))
    return int(facts.get("seconds", 0)) if same else 0
