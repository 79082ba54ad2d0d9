"""Reading real regions and observed networks: CSV of people and ties, GraphML, and the two forms of open data.

Everything a file may get wrong is collected before anything is raised, so that whoever keeps the file mends it once. Files are
read as far as a limit and never trusted: sizes are checked before parsing, numbers must be plain and finite, XML may define nothing.
"""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import ParseError

import numpy as np
from numpy.typing import NDArray

from model.names import board_name, school_name, swv_name, town_name
from model.region import (
    HATS,
    MAX_PEOPLE,
    PEOPLE_BASE,
    PEOPLE_PER_PUPIL,
    SHARE_EDUCATORS,
    Draw,
    FirstTies,
    Region,
    RegionError,
    Role,
    SchoolUnit,
    build_region,
    draw_shares,
    region_from_units,
)
from model.tables import Notes, Problems, RosterError, Table, check_cells, check_header, nearest, parse_table, short

if TYPE_CHECKING:
    import networkx as nx

MAX_BYTES = 20_000_000
MAX_TIES = 2_000_000
MAX_TAGS = 3_000_000
ROLES = {
    "teacher": Role.TEACHER,
    "internal_coach": Role.COACH,
    "school_leader": Role.LEADER,
    "board_member": Role.BOARD,
    "policy_officer": Role.POLICY,
}
PEOPLE_COLUMNS = ("id", "school", "team", "board", "town", "swv", "role", "hats", "fte")
TIE_COLUMNS = ("source", "target", "strength", "age_weeks")
ADVICE_COLUMNS = ("id", "school", "grade_group", "in_largest_grade_group", "nonrespondent_guess", "yrs_teaching")
LOCATION_COLUMNS = ("location_id", "board", "name", "municipality", "rmc")

_UNNAMED = "–"


def _read_text(path: Path, problems: Problems) -> str | None:
    """The text of a file in UTF-8, at most `MAX_BYTES`."""
    try:
        if not path.is_file():
            near = nearest(path.name, [p.name for p in path.parent.iterdir()] if path.parent.is_dir() else [])
            problems.append(f"{path.name}: no such file in {path.parent}" + (f" (nearest: {near!r})" if near else ""))
            return None
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except OSError as error:
        problems.append(f"{path.name}: cannot be read ({error.strerror})")
        return None
    if len(raw) > MAX_BYTES:
        problems.append(f"{path.name}: larger than {MAX_BYTES // 1_000_000} MB")
        return None
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = raw.count(b"\n", 0, error.start) + 1
        problems.append(f"{path.name}, row {row}: byte 0x{raw[error.start]:02x} is not UTF-8; save the file as 'CSV UTF-8'")
        return None
    if "\0" in text:
        problems.append(f"{path.name}: holds NUL characters, so it is not text")
        return None
    return text


def _read_table(
    path: Path, required: Sequence[str], known: Sequence[str], most_rows: int, problems: Problems, notes: Notes | None = None
) -> Table | None:
    text = _read_text(path, problems)
    return None if text is None else parse_table(path.name, text, required, known, most_rows, problems, notes)


# --- a roster of people, and perhaps their ties ---------------------------------------------------------------------


def read_roster(people_csv: Path | str, ties_csv: Path | str | None = None) -> Region:
    """Read people, and if known their ties, from CSV files in UTF-8, separated by commas or (as Excel does) semicolons.

    Args:
        people_csv: one row a person. Columns: `id` and `school` (both required), `team` (empty: in no team), `board`, `town`, `swv`,
            `role` (teacher, internal_coach, school_leader, board_member, policy_officer; empty: teacher), `hats` (any of language,
            maths, ict, care, separated by semicolons), `fte` (above 0, at most 1; empty: drawn by the model). Other columns are
            ignored, which the notes say; a school in which only board members and policy officers work is the office of its board.
        ties_csv: one row a tie. Columns: `source` turns to `target` to learn (both required), `strength` (0 to 1), `age_weeks`.

    Raises:
        RosterError: with every problem in both files.
    """
    problems, notes = Problems(), Notes()
    people = _read_table(Path(people_csv), PEOPLE_COLUMNS[:2], PEOPLE_COLUMNS, MAX_PEOPLE, problems, notes)
    ties = None
    if ties_csv is not None:
        ties = _read_table(Path(ties_csv), TIE_COLUMNS[:2], TIE_COLUMNS, MAX_TIES, problems, notes)
    return _region_from_tables(people, ties, problems, notes)


def _region_from_tables(people: Table | None, ties: Table | None, problems: Problems, notes: Notes) -> Region:
    """Check everything in both tables, then make the region."""
    row_of: Mapping[str, int] | None = None
    if people is not None:
        row_of = _check_ids(people, problems)
        people.filled("school", problems)
        role = _check_roles(people, problems)
        hats = _check_hats(people, problems)
        fte = people.numbers("fte", 0, 1, problems, above=True)
        units = _make_units(people, role, problems, notes)
    first_ties = None if ties is None else _check_ties(ties, row_of, problems)
    if problems or people is None:
        raise RosterError(problems)
    return _make(
        lambda: region_from_units(
            units, school=people["school"], team=people["team"], role=role, hats=hats, fte=fte, ids=people["id"],
            first_ties=first_ties, notes=notes,
        )
    )  # fmt: skip


def _make(make: Callable[[], Region]) -> Region:
    """A region, with its errors as those of a roster."""
    try:
        return make()
    except RegionError as error:
        raise RosterError(error.problems) from None


def _check_ids(table: Table, problems: Problems) -> dict[str, int] | None:
    """Row of each id, or None where there are no ids."""
    if "id" not in table.columns:
        return None
    table.filled("id", problems)
    return table.distinct("id", problems)


def _check_roles(table: Table, problems: Problems) -> list[int]:
    roles = []
    for i, text in enumerate(table["role"]):
        name = text.lower() or "teacher"
        if name not in ROLES:
            problems.add(table.at(i, "role"), text, f"must be one of {', '.join(ROLES)}", ROLES)
        roles.append(int(ROLES.get(name, Role.TEACHER)))
    return roles


def _check_hats(table: Table, problems: Problems) -> list[int]:
    bits = []
    for i, text in enumerate(table["hats"]):
        worn = 0
        for hat in filter(None, (part.strip().lower() for part in text.split(";"))):
            if hat in HATS:
                worn |= 1 << HATS.index(hat)
            else:
                problems.add(table.at(i, "hats"), hat, f"must be any of {', '.join(HATS)}, separated by semicolons", HATS)
        bits.append(worn)
    return bits


def _make_units(table: Table, role: Sequence[int], problems: Problems, notes: Notes) -> dict[str, SchoolUnit]:
    """The schools that people name; where a file says nothing of boards there is one, of towns or swvs, each board has its own."""
    facts = {kind: _one_per_school(table, kind, problems) for kind in ("board", "town", "swv")}
    notes += [(f"no_{kind}", {}) for kind in facts if kind not in table.columns]
    at_work: dict[str, set[int]] = {}
    for school, what in zip(table["school"], role, strict=True):
        at_work.setdefault(school, set()).add(what)
    board = {school: facts["board"].get(school, _UNNAMED) for school in at_work}
    offices = {school for school, roles in at_work.items() if roles <= {Role.BOARD, Role.POLICY}}
    led = sum(Role.LEADER in roles for roles in at_work.values())
    if led < len(at_work) - len(offices):
        notes.append(("schools_without_leader", {"count": len(at_work) - len(offices) - led}))
    return {
        school: SchoolUnit(
            name=school,
            board=board[school],
            town=facts["town"].get(school, board[school]),
            swv=facts["swv"].get(school, board[school]),
            office=school in offices,
        )
        for school in at_work
    }


def _one_per_school(table: Table, kind: str, problems: Problems) -> dict[str, str]:
    """The board (town, swv) of each school, named in at least one row of the school and nowhere differently."""
    if kind not in table.columns:
        return {}
    found: dict[str, int] = {}
    values = table[kind]
    for i, school in enumerate(table["school"]):
        if values[i] and school and values[found.setdefault(school, i)] != values[i]:
            other = found[school]
            problems.add(
                table.at(i, kind),
                values[i],
                f"school {short(school)} has {kind} {short(values[other])} in {table.rows[other]}; give it one",
            )
    for school in dict.fromkeys(table["school"]):
        if school and school not in found:
            problems.append(f"{table.name}: school {short(school)} has no {kind}; name it in at least one of its rows")
    return {school: values[i] for school, i in found.items()}


def _check_ties(table: Table, row_of: Mapping[str, int] | None, problems: Problems) -> FirstTies:
    """The ties of a table as rows of people; ties to people who do not exist are problems (and left out)."""
    strength = table.numbers("strength", 0, 1, problems)
    age = table.numbers("age_weeks", 0, 5_200, problems, whole=True)
    seen: dict[tuple[str, str], int] = {}
    kept: list[tuple[int, int, int]] = []
    for i, (source, target) in enumerate(zip(table["source"], table["target"], strict=True)):
        for column, name in (("source", source), ("target", target)):
            if row_of is not None and name not in row_of and column in table.columns:
                problems.add(table.at(i, column), name, "is nobody's id in the people", row_of)
        if source and source == target:
            problems.add(table.at(i, "target"), target, "nobody has a tie to themselves")
        elif source and target and seen.setdefault((source, target), i) != i:
            problems.add(table.at(i, "target"), target, f"the same tie as in {table.rows[seen[source, target]]}")
        elif row_of is not None and source in row_of and target in row_of:
            kept.append((row_of[source], row_of[target], i))
    ego, alter, at = np.array(kept, np.int32).reshape(-1, 3).T
    age_weeks = np.nan_to_num(np.array(age, float)[at], nan=-1).astype(np.int32)
    return FirstTies(ego=ego, alter=alter, strength=np.array(strength, np.float32)[at], age=age_weeks)


# --- one school of an advice-network study --------------------------------------------------------------------------


def read_network(folder: Path | str, school: str | int | None = None) -> Region:
    """Read a network from a GraphML file, or from a folder with `people.csv` and perhaps `ties.csv`.

    A folder is taken for a study of advice networks if its people have a column `grade_group`, else for a roster.

    Args:
        folder: the folder, or a file that ends in `.graphml`.
        school: which school of a study; a roster is read whole.

    Raises:
        RosterError: with every problem found.
    """
    folder = Path(folder)
    one_file = folder.suffix.lower() == ".graphml"
    if not one_file:
        problems = Problems()
        text = _read_text(folder / "people.csv", problems) or ""
        problems.stop()
        if "grade_group" in re.split(r"[,;]", text.partition("\n")[0].strip().lower()):
            return read_school_advice(folder, school)
    if school is not None:
        raise RosterError([f"school = {short(str(school))}: a roster is read whole; leave the school out"])
    if one_file:
        return read_graphml(folder)
    ties = folder / "ties.csv"
    return read_roster(folder / "people.csv", ties if ties.exists() else None)


def read_school_advice(folder: Path | str, school: str | int | None = None) -> Region:
    """Read one school of an advice-network study as a board of its own, with its ties observed once.

    Teams are the exact grade groups; the largest group, people of several grades or none, is no team. Who did not answer has no
    known ties of their own. The data have no roles, so two are given by rule among those who answered: the internal coach is who
    most turn to (then: longest in teaching, first id), the school leader the longest in teaching of the others (then: who most turn to,
    first id). The notes of the region say all of this.

    Args:
        folder: holds `people.csv` (id, school, grade_group, in_largest_grade_group, nonrespondent_guess, yrs_teaching) and
            `ties.csv` (wave, source, target, school), of which the first wave is read.
        school: which school; may be left out where there is one.

    Raises:
        RosterError: with every problem in both files.
    """
    folder, problems = Path(folder), Problems()
    people = _read_table(folder / "people.csv", ADVICE_COLUMNS, ADVICE_COLUMNS, MAX_PEOPLE, problems)
    ties = _read_table(folder / "ties.csv", ("wave", "source", "target"), ("wave", "source", "target", "school"), MAX_TIES, problems)
    if people is not None:
        row_of = _check_ids(people, problems)
        for column in ("school", "grade_group", "yrs_teaching"):
            people.filled(column, problems)
        people.numbers("yrs_teaching", 0, 70, problems)
        people.flags("nonrespondent_guess", problems)
        people.flags("in_largest_grade_group", problems)
        people, key = _rows_of_school(people, school, problems)
    if ties is not None:
        ties = _first_wave(ties, problems)
        _check_ties(ties, row_of if people is not None else None, problems)
    if problems or people is None or ties is None:
        raise RosterError(problems)
    return _advice_region(people, ties, key, problems)


def _first_wave(ties: Table, problems: Problems) -> Table:
    ties.filled("wave", problems)
    waves = ties.numbers("wave", 0, 1_000, problems, whole=True)
    first = min((wave for wave in waves if wave >= 0), default=0.0)
    return ties.keep([i for i, wave in enumerate(waves) if wave == first])


def _rows_of_school(people: Table, school: str | int | None, problems: Problems) -> tuple[Table, str]:
    keys = sorted(set(people["school"]), key=lambda key: (len(key), key))
    key = str(school) if school is not None or len(keys) != 1 else keys[0]
    if key not in keys and "school" in people.columns:
        asked = "no school was named" if school is None else f"there is no school {short(key)}"
        problems.append(f"{people.name}: {asked}; the schools are {', '.join(keys[:50])}")
    return people.keep([i for i, name in enumerate(people["school"]) if name == key]), key


def _advice_region(people: Table, ties: Table, key: str, problems: Problems) -> Region:
    """The region of one school, its people and ties already checked."""
    silent = people.flags("nonrespondent_guess", problems)
    teamless = people.flags("in_largest_grade_group", problems)
    own = {name: i for i, name in enumerate(people["id"])}
    ends = [(source in own) + (target in own) for source, target in zip(ties["source"], ties["target"], strict=True)]
    first_ties = _check_ties(ties.keep([i for i, here in enumerate(ends) if here == 2]), own, problems)
    indegree = np.bincount(first_ties.alter, minlength=len(silent))
    years = people.numbers("yrs_teaching", 0, 70, problems)
    answered = sorted((i for i, quiet in enumerate(silent) if not quiet), key=lambda i: people["id"][i])
    if len(answered) < 2:
        problems.append(f"{people.name}: {len(answered)} people of school {short(key)} answered; a leader and a coach make at least 2")
        problems.stop()
    coach = max(answered, key=lambda i: (indegree[i], years[i]))
    leader = max((i for i in answered if i != coach), key=lambda i: (years[i], indegree[i]))
    role = np.full(len(silent), Role.TEACHER)
    role[coach], role[leader] = Role.COACH, Role.LEADER
    notes: Notes = [
        ("roles_by_rule", {"leader": people["id"][leader], "coach": people["id"][coach]}),
        ("largest_group_no_team", {"count": sum(teamless)}),
        ("unobserved", {"count": sum(silent)}),
        ("one_school_no_moves_across", {}),
    ]
    if 1 in ends:
        notes.append(("ties_across_left_out", {"count": ends.count(1)}))
    team = ["" if alone else group for alone, group in zip(teamless, people["grade_group"], strict=True)]
    unit = SchoolUnit(name=f"School {key}", board=f"School {key}", town=_UNNAMED, swv=_UNNAMED)
    return _make(
        lambda: region_from_units(
            {key: unit},
            school=people["school"],
            team=team,
            role=role,
            unobserved=silent,
            ids=people["id"],
            first_ties=first_ties,
            notes=notes,
        )
    )


# --- GraphML --------------------------------------------------------------------------------------------------------


def read_graphml(path: Path | str) -> Region:
    """Read a network from GraphML: attributes of nodes as the columns of `people.csv`, of edges as those of `ties.csv`.

    An edge without `strength` takes `weight` for it, which must lie in 0 to 1. An undirected edge is read as a tie both ways.

    Raises:
        RosterError: with every problem; files that define a DTD or entities, too large ones and not-a-numbers are refused.
    """
    path, problems, notes = Path(path), Problems(), Notes()
    text = _read_text(path, problems)
    if text is not None:
        _check_xml(path.name, text, problems)
    problems.stop()
    graph = _parse_graphml(path.name, text or "")
    nodes = [(f"node {short(str(v))}", {**graph.graph.get("node_default", {}), **facts, "id": v}) for v, facts in graph.nodes(data=True)]
    if (strangers := len(graph) - len(_node_ids(text or ""))) > 0:
        problems.append(f"{path.name}: {strangers} nodes have no id, or are named by edges only")
    people = _table_of(path.name, nodes, PEOPLE_COLUMNS, problems)
    ties = _table_of(path.name, _edge_rows(graph), TIE_COLUMNS, problems)
    header = [str(column).lower() for column in dict.fromkeys(column for _, facts in nodes for column in facts)]
    check_header(path.name, header, PEOPLE_COLUMNS[:2], PEOPLE_COLUMNS, problems, notes)
    if not graph.is_directed():
        notes.append(("undirected_both_ways", {}))
    return _region_from_tables(people, ties, problems, notes)


def _check_xml(name: str, text: str, problems: Problems) -> None:
    """What could blow up while parsing is refused before."""
    upper = text.upper()
    for mark in ("<!DOCTYPE", "<!ENTITY"):
        if mark in upper:
            problems.append(f"{name}: holds {mark}; a network needs no document type and no entities")
    declared = re.match(r"\s*<\?xml[^>]*encoding\s*=\s*[\"']([^\"']*)", text)
    if declared and declared[1].lower() not in {"utf-8", "utf8", "us-ascii", "ascii"}:
        problems.append(f"{name}: encoding {short(declared[1])}; must be UTF-8")
    if text.count("<") > MAX_TAGS:
        problems.append(f"{name}: more than {MAX_TAGS} tags")
        return
    for tag, most in (("node", MAX_PEOPLE), ("edge", MAX_TIES), ("graph", 1), ("key", 100)):
        if (count := len(re.findall(_tag(tag), text))) > most:
            problems.append(f"{name}: {count} times <{tag}>; at most {most}")
    twice = [one for one, times in _node_ids(text).items() if times > 1]
    problems += [f"{name}: the id {short(one)} belongs to more than one node" for one in twice]


def _tag(name: str) -> str:
    """A pattern for the start of an element, whatever prefix its name has."""
    return rf"<(?:[\w.-]{{1,40}}:)?{name}(?=[\s/>])"


def _node_ids(text: str) -> Counter[str]:
    """How often each id is given to a node; the parser would take two nodes of one id for one, and a missing one for "None"."""
    return Counter(re.findall(rf"{_tag('node')}[^<>]*?\sid\s*=\s*[\"']([^\"'<>]*)", text))


def _parse_graphml(name: str, text: str) -> nx.Graph[Any]:
    import networkx as nx  # takes a while to load, and few readers need it

    try:
        return nx.parse_graphml(text)
    except (nx.NetworkXException, ParseError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError) as error:
        raise RosterError([f"{name}: is not GraphML that can be read ({short(str(error))})"]) from None


def _edge_rows(graph: nx.Graph[Any]) -> list[tuple[str, dict[str, object]]]:
    rows: list[tuple[str, dict[str, object]]] = []
    defaults = graph.graph.get("edge_default", {})
    for source, target, own in graph.edges(data=True):
        facts = {**defaults, **own}
        tie = {"strength": facts.get("strength", facts.get("weight", "")), "age_weeks": facts.get("age_weeks", "")}
        rows.append((f"edge {short(source)} to {short(target)}", {"source": source, "target": target, **tie}))
        if not graph.is_directed() and source != target:
            rows.append((f"edge {short(target)} to {short(source)}", {"source": target, "target": source, **tie}))
    return rows


def _table_of(name: str, rows: Sequence[tuple[str, Mapping[str, object]]], known: Sequence[str], problems: Problems) -> Table:
    """Known attributes as the columns of a table; names of attributes may be in capitals."""
    lowered = [(where, {str(key).lower(): str(value).strip() for key, value in facts.items()}) for where, facts in rows]
    for where, facts in lowered:
        if rule := check_cells([facts.get(column, "") for column in known]):
            problems.append(f"{name}, {where}: {rule}")
    present = [column for column in known if any(column in facts for _, facts in lowered)]
    return Table(name, {column: [facts.get(column, "") for _, facts in lowered] for column in present}, [where for where, _ in lowered])


# --- real schools with made-up people -------------------------------------------------------------------------------


def read_locations(
    folder: Path | str,
    board: str | int | Sequence[str | int] | None = None,
    *,
    people_per_pupil: float = PEOPLE_PER_PUPIL,
    people_base: float = PEOPLE_BASE,
    share_educators: float = SHARE_EDUCATORS,
    real_names: bool = False,
    seed: int = 1,
) -> Region:
    """Read where the schools of real boards are and how large, and put made-up people in them.

    A school has `(people_base + people_per_pupil × pupils) × share_educators` educators, at least 3: the line is a fit to the persons
    employed in 119 schools, the share is chosen so that 200 pupils make about 15 educators. The town is the municipality; the rmc region
    stands in for the samenwerkingsverband. A board has one board member, and a policy officer per ten schools.

    Args:
        folder: holds `school_locations.csv` with location_id, board, name, municipality, rmc and `pupils_<year>` (the last year is
            read; a location without a number has no pupils and is left out).
        board: number of a board, or several; None: all.
        people_per_pupil: persons employed per pupil.
        people_base: persons employed in a school without pupils.
        share_educators: share of them who are educators.
        real_names: show schools, boards and places by their own names; else by fictional ones.
        seed: of the order in which fictional names are given.

    Raises:
        RosterError: with every problem.
    """
    problems = Problems()
    table = _read_table(Path(folder) / "school_locations.csv", LOCATION_COLUMNS, LOCATION_COLUMNS, 50_000, problems)
    line = {"people_per_pupil": people_per_pupil, "people_base": people_base, "share_educators": share_educators}
    for (name, value), high in zip(line.items(), (1, 50, 1), strict=True):
        problems += _check_number(name, value, high)
    problems += _check_number("seed", seed, 2**63 - 1, whole=True)
    if table is None:
        raise RosterError(problems)
    places, pupils, year = _places_of_boards(table, board, problems, notes := Notes())
    problems.stop()
    notes += [
        ("staff_from_pupils", {**line, "year": year.removeprefix("pupils_"), "line_grade": "measured", "share_grade": "guess"}),
        ("rmc_for_swv", {}),
        ("made_up_people", {}),
    ]
    sizes = np.maximum(3, np.rint((people_base + people_per_pupil * pupils) * share_educators)).astype(int)
    return _region_of_places(places, sizes, notes, seed=None if real_names else seed)


def _check_number(name: str, value: object, high: float, *, whole: bool = False) -> list[str]:
    kinds = int if whole else (int, float)
    if isinstance(value, bool) or not isinstance(value, kinds) or not 0 <= value <= high:
        return [f"{name} = {value!r}: must be a {'whole ' if whole else ''}number from 0 to {high:g}"]
    return []


def _places_of_boards(
    table: Table, board: str | int | Sequence[str | int] | None, problems: Problems, notes: Notes
) -> tuple[Table, NDArray[np.float64], str]:
    """The locations with pupils of the boards asked for, their pupils, and the column these come from."""
    years = [column for column in table.columns if re.fullmatch(r"pupils_[0-9]{4}", column)]
    if not years:
        problems.append(f"{table.name}: no column with pupils; expected pupils_<year>, such as pupils_2025")
    year = max(years, default="")
    pupils = np.array(table.numbers(year, 1, 5_000, problems, whole=True))
    wanted = _check_boards(table, board, problems)
    asked = [i for i, one in enumerate(table["board"]) if one in wanted]
    kept = [i for i in asked if table[year][i]]
    if len(kept) < len(asked):
        notes.append(("locations_without_pupils", {"count": len(asked) - len(kept)}))
    places = table.keep(kept)
    if not kept and not problems:
        problems.append(f"{table.name}: no location of board {short(str(board))} has pupils in {year}")
    for column in LOCATION_COLUMNS:
        places.filled(column, problems)
    places.distinct("location_id", problems)
    return places, pupils[kept], year


def _check_boards(table: Table, board: str | int | Sequence[str | int] | None, problems: Problems) -> set[str]:
    boards = set(table["board"])
    if board is None:
        return boards
    asked = [str(board)] if isinstance(board, (str, int)) else [str(one) for one in board]
    if not asked:
        problems.append("board = []: name at least one, or leave it out for all")
    for number in asked:
        if number not in boards and "board" in table.columns:
            near = difflib.get_close_matches(number, sorted(boards), n=3, cutoff=0.0)
            problems.append(f"{table.name}: there is no board {short(number)} (nearest: {', '.join(near)})")
    return set(asked)


def _region_of_places(table: Table, sizes: NDArray[np.int64], notes: Notes, seed: int | None) -> Region:
    """Made-up people at real places; a seed gives the places fictional names, in an order of their own."""
    order = sorted(range(len(sizes)), key=lambda i: (table["board"][i], i))
    table, sizes = table.keep(order), sizes[order]
    codes, names = {}, {}
    makers = {"board": board_name, "municipality": town_name, "rmc": swv_name}
    for part, (column, make) in enumerate(makers.items(), start=1):
        labels = list(dict.fromkeys(table[column]))
        index = {label: i for i, label in enumerate(labels)}
        codes[column] = np.array([index[label] for label in table[column]])
        names[column] = labels if seed is None else [make(i) for i in _shuffled(len(labels), seed, part)]
    schools = table["name"] if seed is None else [school_name(i) for i in _shuffled(len(sizes), seed, 0)]
    units = [SchoolUnit(school, *(names[c][codes[c][i]] for c in makers)) for i, school in enumerate(schools)]
    per_board = np.bincount(codes["board"])
    office = np.column_stack([np.ones_like(per_board), per_board // 10])
    return _make(lambda: build_region(sizes, codes["board"], codes["municipality"], codes["rmc"], office, units=units, notes=notes))


def _shuffled(count: int, seed: int, part: int) -> list[int]:
    return [int(i) for i in np.argsort(draw_shares(seed, Draw.NAMES, count, part))]
