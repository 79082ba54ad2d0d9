"""Tables of text, checked cell by cell: every problem is collected, and says which file, row, value and rule it is about."""

from __future__ import annotations

import csv
import difflib
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from model.region import RegionError

MAX_CELL = 200
"""Longest text in a cell."""
MAX_COLUMNS = 100

Notes = list[tuple[str, dict[str, object]]]
"""What was assumed, as (id, values)."""

_NUMBER = re.compile(r"[+-]?[0-9]{1,15}(\.[0-9]{1,20})?([eE][+-]?[0-9]{1,2})?")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_SHOWN = 20


class RosterError(RegionError):
    """One or more files break a rule; `problems` lists all, the message the first twenty: file, row, value, rule, nearest name."""


class Problems(list[str]):
    """Problems found so far."""

    def add(self, where: str, value: str, rule: str, options: Iterable[str] = ()) -> None:
        """Note that a value breaks a rule; the nearest of the options is looked for only where it will be shown."""
        near = nearest(value, options) if len(self) < _SHOWN else None
        self.append(f"{where} = {short(value)}: {rule}" + (f" (nearest: {short(near)})" if near else ""))

    def stop(self) -> None:
        """Raise what was found, if anything was.

        Raises:
            RosterError: with all problems.
        """
        if self:
            raise RosterError(self)


def short(value: str) -> str:
    """A value as messages show it: quoted, escaped, and not too long."""
    return repr(value if len(value) <= 40 else value[:40] + "…")


def nearest(value: str, options: Iterable[str], cutoff: float = 0.5) -> str | None:
    """The option most like the value; of very many options only those with the same beginning are compared."""
    options = list(options)
    for start in (2, 4, 6, 8, 10):
        if len(options) > 2_000:
            options = [option for option in options if option[:start] == value[:start]]
    found = difflib.get_close_matches(value[:MAX_CELL], options[:2_000], n=1, cutoff=cutoff)
    return found[0] if found else None


@dataclass
class Table:
    """A file column by column, as stripped text; `rows` says how to name each row in a message."""

    name: str
    columns: dict[str, list[str]]
    rows: list[str]
    comma: bool = False

    def __getitem__(self, column: str) -> list[str]:
        return self.columns.get(column) or [""] * len(self.rows)

    def at(self, i: int, column: str) -> str:
        """How to name a cell in a message."""
        return f"{self.name}, {self.rows[i]}, {column}"

    def keep(self, rows: Sequence[int]) -> Table:
        """The same table with some of its rows."""
        columns = {name: [cells[i] for i in rows] for name, cells in self.columns.items()}
        return Table(self.name, columns, [self.rows[i] for i in rows], self.comma)

    def numbers(self, column: str, low: float, high: float, problems: Problems, *, whole: bool = False, above: bool = False) -> list[float]:
        """A column as numbers from `low` (or above it) to `high`; nan where the cell is empty or wrong."""
        between = f"above {low:g} and at most {high:g}" if above else f"from {low:g} to {high:g}"
        rule = f"must be a {'whole ' if whole else ''}number {between}"
        values = [float("nan")] * len(self.rows)
        for i, text in enumerate(self[column]):
            if not text:
                continue
            plain = text.replace(",", ".", 1) if self.comma else text
            value = float(plain) if _NUMBER.fullmatch(plain) else float("nan")
            if low <= value <= high and not (above and value == low) and not (whole and value != int(value)):
                values[i] = value
            else:
                problems.add(self.at(i, column), text, rule)
        return values

    def flags(self, column: str, problems: Problems) -> list[bool]:
        """A column of 0 and 1."""
        for i, text in enumerate(self[column]):
            if text not in {"0", "1"} and column in self.columns:
                problems.add(self.at(i, column), text, "must be 0 or 1")
        return [text == "1" for text in self[column]]

    def filled(self, column: str, problems: Problems) -> None:
        """Every cell of the column has text."""
        for i, text in enumerate(self[column] if column in self.columns else ()):
            if not text:
                problems.add(self.at(i, column), text, "must not be empty")

    def distinct(self, column: str, problems: Problems) -> dict[str, int]:
        """Row of each text in the column, no two of which may be alike."""
        row_of: dict[str, int] = {}
        for i, text in enumerate(self[column]):
            if text and row_of.setdefault(text, i) != i:
                problems.add(self.at(i, column), text, f"must be different in every row; {self.rows[row_of[text]]} has it too")
        return row_of


def parse_table(
    name: str, text: str, required: Sequence[str], known: Sequence[str], most_rows: int, problems: Problems, notes: Notes | None = None
) -> Table | None:
    """A CSV with a header, separated by commas or semicolons.

    Args:
        name: what to call the table in messages.
        text: the table.
        required: columns that must be there.
        known: all columns that mean something; others are noted, or problems if they look like a known one misspelt.
        most_rows: the longest table to read.
        problems: gets every problem; None is returned only if there are no rows to go on with.
        notes: gets the names of columns that were ignored.
    """
    first = text.partition("\n")[0]
    separator = ";" if first.count(";") > first.count(",") else ","
    records: list[list[str]] = []
    try:
        for record in csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True):
            records.append([cell.strip() for cell in record])
            if len(records) > most_rows + 1:
                problems.append(f"{name}: more than {most_rows} rows")
                return None
    except csv.Error as error:
        problems.append(f"{name}, row {len(records) + 1}: {error}")
        return None
    if len(records) < 2:
        problems.append(f"{name}: no rows; expected a header with {', '.join(required)} and a row each")
        return None
    header = [cell.lower() for cell in records[0]]
    if len(header) > MAX_COLUMNS:
        problems.append(f"{name}: {len(header)} columns; at most {MAX_COLUMNS}")
        return None
    check_header(name, header, required, known, problems, notes)
    return _make_table(name, header, records[1:], separator == ";", problems)


def check_header(
    name: str, header: Sequence[str], required: Sequence[str], known: Sequence[str], problems: Problems, notes: Notes | None
) -> None:
    """Problems of the names of columns: missing, double, or nearly a known one; all other unknown ones are noted."""
    for column in required:
        if column not in header:
            problems.append(f"{name}: column {column!r} is missing; the columns are {short(', '.join(header))}")
    for column in sorted({column for column in header if header.count(column) > 1 and column}):
        problems.append(f"{name}: column {short(column)} comes {header.count(column)} times")
    absent = [column for column in known if column not in header]
    ignored = []
    for column in dict.fromkeys(header):
        if column and column not in known:
            near = nearest(column, absent, cutoff=0.7)
            if near:
                problems.append(f"{name}: column {short(column)} is not known; did you mean {near!r}?")
            else:
                ignored.append(column)
    if ignored and notes is not None:
        notes.append(("columns_ignored", {"file": name, "columns": ", ".join(column[:40] for column in ignored[:10])}))


def check_cells(cells: Sequence[str]) -> str | None:
    """The rule that the text of a row breaks, if any."""
    if max(map(len, cells)) > MAX_CELL:
        return f"a cell of more than {MAX_CELL} characters"
    if _CONTROL.search("".join(cells)):
        return "a cell with line breaks, tabs or other control characters"
    return None


def _make_table(name: str, header: list[str], records: list[list[str]], comma: bool, problems: Problems) -> Table:
    kept: list[list[str]] = []
    rows: list[str] = []
    for number, record in enumerate(records, start=2):
        if not any(record):
            continue
        if len(record) != len(header):
            problems.append(f"{name}, row {number}: {len(record)} cells; the header has {len(header)}")
            continue
        if rule := check_cells(record):
            problems.append(f"{name}, row {number}: {rule}")
            continue
        kept.append(record)
        rows.append(f"row {number}")
    if not rows:
        problems.append(f"{name}: no rows that can be read")
    return Table(name, {column: [record[i] for record in kept] for i, column in enumerate(header)}, rows, comma)
