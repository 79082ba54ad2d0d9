"""Whether the numbers of a study still hold: it is run again, and each kept number is compared with the new one.

Two numbers agree where they differ by no more than chance: `REACH` standard errors of their difference. With many numbers a few may
lie outside by chance alone; the study holds as long as there are no more of them than that explains.
"""

from __future__ import annotations

import difflib
import importlib
import importlib.util
import json
import math
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from experiments.executors import workers_at_hand
from experiments.texts import Texts

RESULTS = Path("results")
STUDIES: Mapping[str, str] = {
    "claims": "claims",
    "corners": "corners",
    "critical-mass": "critical-mass",
    "deciders": "deciders",
    "exploits": "exploits",
    "four-dials": "four-dials",
    "patterns": "validation/patterns",
    "phase-maps": "phase-maps",
    "pull_or_grow": "compare/pull_or_grow",
    "rhythm": "rhythm",
    "uncertainty": "validation/budget",
}
"""Studies by name, and the folder of what is kept of each; every comparison kept in `results/compare` is a study too."""
REACH = 2.6
"""Standard errors within which a number counts as found again: by chance one in a hundred lies outside."""
QUICK_REPLICATES = 4

Check = Mapping[str, float]


def reproduce(name: str, *, quick: bool = False, workers: int | None = None, results: Path = RESULTS) -> dict[str, Any]:
    """Run a study again in a folder of its own, and compare.

    Args:
        quick: few worlds, for a look within a minute.

    Returns:
        name, number of numbers compared, those outside their interval, and whether the study holds.

    Raises:
        ValueError: for an unknown study, naming the nearest.
        FileNotFoundError: where nothing is kept of it.
    """
    studies = all_studies(results)
    if name not in studies:
        nearest = difflib.get_close_matches(name, studies, n=1, cutoff=0.0)[0]
        raise ValueError(f"study {name!r}: no such study (nearest: {nearest!r}; all: {', '.join(studies)})")
    kept = results / studies[name]
    if not (kept / "summary.json").is_file():
        raise FileNotFoundError(f"nothing is kept of {name} in {kept}; make it with: learnweave reproduce {name} --write")
    summary = json.loads((kept / "summary.json").read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as folder:
        again = _run_again(name, kept, summary, Path(folder), workers or workers_at_hand(), quick)
    return {"study": name, "quick": quick} | compare_numbers(numbers_of(summary), again)


def write(name: str, workers: int | None = None) -> Path:
    """Make a study's results anew, in place of what is kept of it; runs that are there already are not made again.

    Raises:
        ValueError: where there is no script of this name in `experiments.studies`.
    """
    from experiments.compare import Comparison

    module_name = f"experiments.studies.{name.replace('-', '_')}"
    if name not in all_studies() and importlib.util.find_spec(module_name) is None:
        raise ValueError(f"study {name!r}: no such study (all: {', '.join(all_studies())})")
    module = importlib.import_module(module_name)
    if isinstance(getattr(module, "QUESTION", None), Comparison):
        from experiments.studies.pull_or_grow import publish

        return publish(module.QUESTION, getattr(module, "ASKED", ()), RESULTS, workers)
    module.answer(workers=workers)
    return RESULTS / all_studies()[name]


def all_studies(results: Path = RESULTS) -> dict[str, str]:
    """Every study by name with its folder, those in `STUDIES` and the comparisons that are kept."""
    kept = sorted(path.parent.name for path in (results / "compare").glob("*/summary.json"))
    return dict(STUDIES) | {name: f"compare/{name}" for name in kept}


def list_studies(words: Texts, results: Path = RESULTS) -> str:
    """Every study with its question, and what is kept of it: runs, seconds, and how many numbers to find again."""
    lines = []
    for name, place in all_studies(results).items():
        path = results / place / "summary.json"
        if not path.is_file():
            lines.append(f"{name}: {_question(name, {}, words)} {words('reproduce.nothing_kept')}")
            continue
        summary = json.loads(path.read_text(encoding="utf-8"))
        runs = int(summary.get("runs") or len(summary["policies"]) * summary["replicates"])
        places = {"runs": words.number(runs), "numbers": words.number(len(numbers_of(summary)))}
        lines.append(f"{name}: {_question(name, summary, words)} {words('reproduce.kept', **places)}")
    return "\n".join([*lines, "", words("reproduce.how")])


def _question(name: str, summary: Mapping[str, Any], words: Texts) -> str:
    if asked := summary.get("asked", {}).get(words.language):
        return str(asked)
    titles = (f"studies.{name}.title", f"questions.{name}", "questions.general")
    return words(next(title for title in titles if title in words))


def numbers_of(summary: Mapping[str, Any]) -> dict[str, Check]:
    """The numbers to find again, each with its standard error: those a study names, or the paired differences of a comparison."""
    if "differences" not in summary:
        return dict(summary["checks"])
    from experiments.studies.answers import check

    parts = {"": summary["differences"], ", at equal hours of colleagues": summary.get("equal_teacher_hours", {}).get("differences", [])}
    return {
        f"{one['outcome']} {one['date']}, {one['more']} minus {one['less']}{where}": check(one["defaults"])
        for where, part in parts.items()
        for one in part
    }


def compare_numbers(before: Mapping[str, Check], now: Mapping[str, Check]) -> dict[str, Any]:
    """Which numbers of both lie further apart than chance explains, and whether those are too many."""
    away = []
    shared = [name for name in before if name in now]
    for name in shared:
        reach = REACH * math.hypot(before[name]["se"], _error_of(now[name], before[name]))
        if abs(now[name]["value"] - before[name]["value"]) > reach + 1e-9:
            away.append({"name": name, "before": before[name]["value"], "now": now[name]["value"], "reach": reach})
    allowed = len(shared) // 25
    return {"total": len(shared), "away": away, "holds": bool(shared) and len(away) <= allowed}


def _error_of(few: Check, many: Check) -> float:
    """Standard error of a number from few worlds: at least what the spread between many worlds makes it."""
    return max(few["se"], many["se"] * math.sqrt(max(1.0, many["n"] / few["n"])))


def tell(found: Mapping[str, Any], words: Texts) -> str:
    """What was found again, in words."""
    total, away = found["total"], found["away"]
    places = {"study": found["study"], "total": total, "count": total - len(away), "away": len(away)}
    lines = [words("reproduce.holds" if found["holds"] else "reproduce.moved", **places)]
    lines += [
        words(
            "reproduce.number", name=one["name"], before=words.number(one["before"], 3), now=words.number(one["now"], 3),
            reach=words.number(one["reach"], 3),
        )
        for one in away
    ]  # fmt: skip
    return "\n".join([*lines, words("reproduce.quick")] if found["quick"] else lines)


def _run_again(name: str, kept: Path, summary: dict[str, Any], folder: Path, workers: int, quick: bool) -> dict[str, Check]:
    if "differences" in summary:
        return _compare_again(kept, summary, folder, workers, quick)
    study = importlib.import_module(f"experiments.studies.{name.replace('-', '_')}")
    return dict(study.try_again(summary, folder, workers, quick))


def _compare_again(kept: Path, summary: Mapping[str, Any], folder: Path, workers: int, quick: bool) -> dict[str, Check]:
    """A comparison again as it was asked, at the defaults: paired differences are the numbers that must hold."""
    from experiments.compare import compare
    from experiments.reading import comparison_from
    from experiments.teacher_hours import with_equal_teacher_hours

    settings = json.loads((kept / "provenance.json").read_text(encoding="utf-8"))["settings"]
    asked = comparison_from(settings, summary)
    asked = replace(asked, replicates=min(QUICK_REPLICATES, asked.replicates) if quick else asked.replicates, worlds=0)
    if summary.get("equal_teacher_hours"):
        asked = with_equal_teacher_hours(asked)
    return numbers_of(compare(asked, folder, workers))
