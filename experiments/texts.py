"""Every word a person sees, by id and language, and how numbers are written in that language."""

from __future__ import annotations

import copy
import difflib
import functools
import math
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

LANGUAGES = ("nl", "en")

_MINUS, _UNKNOWN = "\N{MINUS SIGN}", "\N{EN DASH}"
_POINT = {"nl": ",", "en": "."}
_THOUSANDS = {"nl": ".", "en": ","}


@functools.cache
def texts(language: str) -> Texts:
    """The texts of one language, read once."""
    return Texts(language)


class Texts:
    """The texts of one language; call it with an id: ``texts("nl")("compare.answer", n=68)``.

    Attributes:
        language: one of `LANGUAGES`.
        templates: every text by its dotted id, with named places ({n}) still open.
    """

    def __init__(self, language: str) -> None:
        if language not in LANGUAGES:
            raise ValueError(f"language {language!r}: must be one of {', '.join(LANGUAGES)}")
        self.language = language
        self.templates: Mapping[str, str] = _read(Path(__file__).parent / "texts" / language)

    def __call__(self, text_id: str, /, **values: object) -> str:
        """The text `text_id` with its places filled in.

        Raises:
            KeyError: for an unknown id or an unfilled place; names the nearest.
        """
        if text_id not in self.templates:
            raise KeyError(f"texts/{self.language} has no text {text_id!r}{_nearest(text_id, self.templates)}")
        try:
            return self.templates[text_id].format_map(values)
        except KeyError as missing:
            place = str(missing.args[0])
            raise KeyError(f"text {text_id!r} (texts/{self.language}) needs a value for {{{place}}}{_nearest(place, values)}") from None

    def with_templates(self, templates: Mapping[str, str]) -> Texts:
        """A copy in which these texts, with their places, stand in for others."""
        other = copy.copy(self)
        other.templates = {**self.templates, **templates}
        return other

    def with_more(self, templates: Mapping[str, str]) -> Texts:
        """A copy that also knows these texts, taken as they are: without places, braces included."""
        other = copy.copy(self)
        plain = {text_id: text.replace("{", "{{").replace("}", "}}") for text_id, text in templates.items()}
        other.templates = {**self.templates, **plain}
        return other

    def __contains__(self, text_id: object) -> bool:
        return text_id in self.templates

    def number(self, value: float, digits: int = 0) -> str:
        """`value` rounded to `digits` decimals, thousands marked from 10,000; a dash where it is nan."""
        if math.isnan(value):
            return _UNKNOWN
        if math.isinf(value):
            return "∞" if value > 0 else f"{_MINUS}∞"
        size = f"{abs(value):,.{digits}f}"
        if len(size.partition(".")[0]) <= len("9,999"):
            size = size.replace(",", "")
        sign = _MINUS if value < 0 and size.strip("0.") else ""
        marks = str.maketrans({",": _THOUSANDS[self.language], ".": _POINT[self.language]})
        return sign + size.translate(marks)

    def signed(self, value: float, digits: int = 0) -> str:
        """`value` as a difference: with a plus or minus sign unless it rounds to zero."""
        text = self.number(value, digits)
        return f"+{text}" if value > 0 and text.strip("0.,") else text

    def range(self, low: float, high: float, digits: int = 0) -> str:
        """Two numbers as a range: "18 tot 34"."""
        return self("number.range", low=self.number(low, digits), high=self.number(high, digits))


def _read(folder: Path) -> dict[str, str]:
    """Every text in the files of one language; an id stands in one file only."""
    found: dict[str, str] = {}
    for path in sorted(folder.glob("*.toml")):
        more = dict(_leaves(tomllib.loads(path.read_text(encoding="utf-8")), path.name))
        if twice := sorted(found.keys() & more.keys()):
            raise ValueError(f"{path}: {', '.join(twice)} stands in another file of {folder.name} too")
        found |= more
    return found


def _leaves(table: Mapping[str, Any], file: str, prefix: str = "") -> Iterator[tuple[str, str]]:
    for name, value in table.items():
        if isinstance(value, Mapping):
            yield from _leaves(value, file, f"{prefix}{name}.")
        elif isinstance(value, str):
            yield f"{prefix}{name}", value
        else:
            raise TypeError(f"{file}: {prefix}{name} = {value!r}: must be a text between quotes")


def _nearest(name: str, names: Mapping[str, object]) -> str:
    found = difflib.get_close_matches(name, names, n=1, cutoff=0.0)
    return f" (nearest: {found[0]!r})" if found else ""
