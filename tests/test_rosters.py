"""Reading rosters, networks and locations: good files give the region they describe, bad ones all their problems at once."""

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_region import assert_sound, same

from model import rosters
from model.region import HATS, Level, Region, Role, dutch_region, generate_region
from model.rosters import ROLES, RosterError, read_graphml, read_locations, read_network, read_roster, read_school_advice

SHARED = Path(__file__).parents[2] / "shared" / "data"
needs_data = pytest.mark.skipif(not SHARED.is_dir(), reason="the observed data are not part of the project: ../shared/data is absent")

PEOPLE = """id,school,team,board,town,swv,role,hats,fte
fatima,De Wilg,lower,Samenspan,Lindeveen,Rijnveld,teacher,language;maths,0.8
joost,De Wilg,lower,Samenspan,Lindeveen,Rijnveld,school_leader,,1
ingrid,De Brink,,Samenspan,Lindeveen,Rijnveld,internal_coach,care,
samira,De Brink,upper,Samenspan,Lindeveen,Rijnveld,,,0.5
daan,Bureau,,Samenspan,Lindeveen,Rijnveld,board_member,,
"""
TIES = """source,target,strength,age_weeks
fatima,joost,0.5,12
samira,ingrid,,
joost,samira,1,0
"""


@pytest.fixture
def folder(tmp_path):
    def write(people: str | bytes = PEOPLE, ties: str | bytes | None = TIES, name: str = "people.csv") -> Path:
        for file, text in ((name, people), ("ties.csv", ties)):
            if text is not None:
                (tmp_path / file).write_bytes(text if isinstance(text, bytes) else text.encode())
        return tmp_path

    return write


def problems_of(read, *args, **kwargs) -> list[str]:
    with pytest.raises(RosterError) as error:
        read(*args, **kwargs)
    assert len(str(error.value)) < 12_000
    return error.value.problems


def roster_problems(folder, people=PEOPLE, ties=TIES) -> list[str]:
    where = folder(people, ties)
    return problems_of(read_roster, where / "people.csv", where / "ties.csv" if ties is not None else None)


def note_ids(region: Region) -> list[str]:
    return [name for name, _ in region.notes]


def write_people(path: Path, region: Region, ids) -> None:
    """A region as a roster, the other way round."""
    names = {role: name for name, role in ROLES.items()}
    with path.open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow(rosters.PEOPLE_COLUMNS)
        for i, name in enumerate(ids):
            s = region.school[i]
            hats = ";".join(hat for bit, hat in enumerate(HATS) if region.hats[i] >> bit & 1)
            places = (region.board_names[region.school_board[s]], region.town_names[region.school_town[s]])
            swv = region.swv_names[region.school_swv[s]]
            out.writerow([name, region.school_names[s], f"team {region.team[i]}", *places, swv, names[Role(region.role[i])], hats, ""])


class TestRoster:
    def test_a_roster_gives_its_people_places_and_ties(self, folder):
        region = read_network(folder())
        assert_sound(region)
        assert region.ids == ("fatima", "joost", "samira", "ingrid", "daan")
        assert region.school_names == ("De Wilg", "De Brink", "Bureau") and region.school_office.tolist() == [False, False, True]
        assert region.role.tolist() == [Role.TEACHER, Role.LEADER, Role.TEACHER, Role.COACH, Role.BOARD]
        assert region.hats.tolist() == [3, 0, 0, 8, 0] and region.team.tolist() == [0, 0, 1, 2, 3]
        assert region.team_names == ("lower", "upper", "", "")
        np.testing.assert_array_equal(region.fte, np.array([0.8, 1, 0.5, np.nan, np.nan], np.float32))
        ties = region.first_ties
        assert list(zip(ties.ego.tolist(), ties.alter.tolist(), ties.age.tolist(), strict=True)) == [(0, 1, 12), (1, 2, 0), (2, 3, -1)]
        np.testing.assert_array_equal(ties.strength, np.array([0.5, 1, np.nan], np.float32))
        assert region.notes == (("schools_without_leader", {"count": 1}),)

    def test_two_columns_are_enough_and_what_is_assumed_is_noted(self, folder):
        region = read_network(folder("id,school\na,De Wilg\nb,De Wilg\nc,De Brink\n", None))
        assert region.describe() | {"people": 3, "teams": 3, "boards": 1, "towns": 1, "swvs": 1, "teachers": 3} == region.describe()
        assert note_ids(region) == ["no_board", "no_town", "no_swv", "schools_without_leader"] and region.first_ties is None

    def test_without_towns_boards_share_none(self, folder):
        region = read_network(folder("id,school,board\na,De Wilg,A\nb,De Brink,B\n", None))
        assert region.level(0, 1) is Level.ELSEWHERE

    def test_excel_files_are_read(self, folder):
        text = '\ufeffID;School;FTE;Hats\r\na; De Wilg ;0,8;"language;ict"\r\nb;De Wilg;;\r\n;;;\r\n'
        region = read_network(folder(text.encode(), None))
        assert region.people == 2 and region.fte[0] == np.float32(0.8) and region.hats[0] == 5 and region.school_names == ("De Wilg",)

    @pytest.mark.parametrize("boards", [1, 3])
    def test_a_region_written_as_a_roster_reads_back_the_same(self, tmp_path, boards):
        region = generate_region(boards=boards, schools=3, people_per_school=7, policy_officers=1)
        ids = [f"p{i}" for i in range(region.people)]
        write_people(tmp_path / "people.csv", region, ids)
        again = read_roster(tmp_path / "people.csv")
        assert again.ids == tuple(ids)
        for name in ("team", "school", "role", "hats", "team_start", "school_start", "board_start", "school_board", "school_town",
                     "school_swv", "school_office"):  # fmt: skip
            np.testing.assert_array_equal(getattr(again, name), getattr(region, name), err_msg=name)
        assert (again.school_names, again.board_names, again.town_names) == (region.school_names, region.board_names, region.town_names)

    def test_the_order_of_ties_does_not_matter(self, folder):
        header, *rows = TIES.splitlines()
        shuffled = "\n".join([header, *rows[::-1]])
        one, other = read_network(folder()), read_network(folder(ties=shuffled))
        assert same(replace_ties(one), replace_ties(other)) and np.array_equal(one.first_ties.ego, other.first_ties.ego)

    def test_other_columns_are_ignored_and_noted(self, folder):
        region = read_network(folder("id,school,phone\na,De Wilg,06\n", None))
        assert ("columns_ignored", {"file": "people.csv", "columns": "phone"}) in region.notes

    def test_the_whole_country_is_read_in_seconds(self, tmp_path):
        region = dutch_region(140_000)
        write_people(tmp_path / "people.csv", region, range(region.people))
        assert read_roster(tmp_path / "people.csv").people == 140_000


def replace_ties(region: Region) -> Region:
    return replace(region, first_ties=None)


class TestRosterProblems:
    @pytest.mark.parametrize(
        ("old", "new", "says"),
        [
            ("id,school", "id,schol", "people.csv: column 'school' is missing"),
            ("id,school", "id,schol", "column 'schol' is not known; did you mean 'school'?"),
            ("hats,fte", "hats,ftes", "column 'ftes' is not known; did you mean 'fte'?"),
            ("town,swv", "town,town", "column 'town' comes 2 times"),
            ("joost,De", "fatima,De", "people.csv, row 3, id = 'fatima': must be different in every row; row 2 has it too"),
            ("joost,De", ",De", "people.csv, row 3, id = '': must not be empty"),
            ("samira,De Brink", "samira,", "people.csv, row 5, school = '': must not be empty"),
            ("school_leader", "schoolleader", "row 3, role = 'schoolleader': must be one of"),
            ("school_leader", "schoolleader", "(nearest: 'school_leader')"),
            ("language;maths", "language;math", "row 2, hats = 'math': must be any of language, maths, ict, care"),
            ("0.8", "0", "row 2, fte = '0': must be a number above 0 and at most 1"),
            ("0.8", "1.2", "fte = '1.2'"),
            ("0.8", "nan", "fte = 'nan'"),
            ("0.8", "inf", "fte = 'inf'"),
            ("0.8", "1e400", "fte = '1e400'"),
            ("0.8", "1_0", "fte = '1_0'"),
            ("0.8", "٠", "fte = '٠'"),
            ("0.8", '"0,8"', "fte = '0,8'"),
            ("0.8", "9" * 190, "fte = '" + "9" * 40 + "…'"),
            ("0.8", "9" * 5_000, "row 2: a cell of more than 200 characters"),
            ("De Wilg,lower,Samenspan,Lindeveen,Rijnveld,school", "De Wilg,lower,Samenspel,Lindeveen,Rijnveld,school",
             "row 3, board = 'Samenspel': school 'De Wilg' has board 'Samenspan' in row 2; give it one"),
            ("Bureau,,Samenspan", "Bureau,,", "school 'Bureau' has no board"),
            (",0.8", ",0.8,extra", "row 2: 10 cells; the header has 9"),
            ("fatima,De", "fati\x1bma,De", "row 2: a cell with line breaks, tabs or other control characters"),
            ("fatima,De", "\"fati\nma\",De", "row 2: a cell with line breaks"),
            ("fatima,De", "fati\0ma,De", "holds NUL characters"),
            ("fatima,De", '"fatima,De', "row 2: unexpected end of data"),
        ],
    )  # fmt: skip
    def test_what_is_wrong_with_people_is_said(self, folder, old, new, says):
        assert any(says in problem for problem in roster_problems(folder, PEOPLE.replace(old, new, 1)))

    @pytest.mark.parametrize(
        ("old", "new", "says"),
        [
            ("source,", "sauce,", "ties.csv: column 'source' is missing"),
            ("strength", "strenght", "did you mean 'strength'?"),
            ("samira,ingrid", "samira,ingird", "ties.csv, row 3, target = 'ingird': is nobody's id in the people (nearest: 'ingrid')"),
            ("samira,ingrid", "samira,", "row 3, target = '': is nobody's id"),
            ("samira,ingrid", "samira,samira", "row 3, target = 'samira': nobody has a tie to themselves"),
            ("samira,ingrid", "fatima,joost", "row 3, target = 'joost': the same tie as in row 2"),
            ("0.5", "1.5", "row 2, strength = '1.5': must be a number from 0 to 1"),
            ("0.5", "-0.1", "strength = '-0.1'"),
            ("0.5", "NaN", "strength = 'NaN'"),
            ("12", "-1", "age_weeks = '-1': must be a whole number from 0 to 5200"),
            ("12", "1.5", "age_weeks = '1.5'"),
        ],
    )
    def test_what_is_wrong_with_ties_is_said(self, folder, old, new, says):
        assert any(says in problem for problem in roster_problems(folder, ties=TIES.replace(old, new, 1)))

    def test_all_problems_in_both_files_come_at_once(self, folder):
        people = PEOPLE.replace("0.8", "8").replace("school_leader", "boss").replace("language", "lango").replace("samira,", "fatima,")
        problems = roster_problems(folder, people, TIES.replace("0.5", "x").replace("joost,samira", "joost,joost"))
        assert len(problems) == 7, problems
        assert {problem.partition(",")[0] for problem in problems} == {"people.csv", "ties.csv"}

    def test_a_missing_file_names_the_nearest(self, folder):
        where = folder(name="peple.csv", ties=None)
        problems = problems_of(read_roster, where / "people.csv", where / "ties.csv")
        assert len(problems) == 2 and "people.csv: no such file" in problems[0] and "(nearest: 'peple.csv')" in problems[0]

    @pytest.mark.parametrize("text", ["", "\n\n", "id,school\n", "id,school\n,\n", "a" * 200_000, '"' * 31])
    def test_files_without_rows_are_refused(self, folder, text):
        assert len(roster_problems(folder, text, None)) >= 1

    @pytest.mark.parametrize(
        "raw", [PEOPLE.encode("utf-16"), PEOPLE.replace("joost", "joëlle").encode("latin-1"), b"\xff\xfe\x00", bytes(range(256))]
    )
    def test_other_encodings_are_refused(self, folder, raw):
        assert any("UTF-8" in problem or "NUL" in problem for problem in roster_problems(folder, raw, None))

    def test_the_row_of_a_bad_byte_is_named(self, folder):
        assert (
            "people.csv, row 3: byte 0xeb is not UTF-8" in roster_problems(folder, PEOPLE.replace("joost", "joëlle").encode("latin-1"))[0]
        )

    def test_files_that_are_too_large_are_refused_unread(self, folder, monkeypatch):
        monkeypatch.setattr(rosters, "MAX_BYTES", 2_000_000)
        assert roster_problems(folder, b"x" * 2_000_001, None) == ["people.csv: larger than 2 MB"]

    def test_too_many_rows_are_refused(self, folder, monkeypatch):
        monkeypatch.setattr(rosters, "MAX_PEOPLE", 4)
        assert roster_problems(folder)[0] == "people.csv: more than 4 rows"

    def test_too_many_columns_are_refused(self, folder):
        header = ",".join(f"school{i}" for i in range(50_000))
        assert roster_problems(folder, f"{header}\n{header}\n", None) == ["people.csv: 50000 columns; at most 100"]

    def test_a_folder_in_place_of_a_file_is_refused(self, tmp_path):
        (tmp_path / "people.csv").mkdir()
        assert "no such file" in problems_of(read_roster, tmp_path / "people.csv")[0]

    def test_devices_are_not_read(self):
        assert "no such file" in problems_of(read_roster, "/dev/zero")[0]

    def test_ten_thousand_problems_are_found_fast_and_shown_in_part(self, folder):
        people = "id,school\n" + "".join(f"person {i},De Wilg\n" for i in range(10_000))
        ties = "source,target\n" + "".join(f"person {i},persoon {i}\n" for i in range(10_000))
        where = folder(people, ties)
        with pytest.raises(RosterError) as error:
            read_network(where)
        assert len(error.value.problems) == 10_000 and str(error.value).startswith("10000 problems:\n- ties.csv, row 2")
        assert str(error.value).endswith("... and 9980 more") and len(str(error.value).splitlines()) == 22

    def test_messages_carry_no_control_characters(self, folder):
        problems = roster_problems(folder, PEOPLE.replace("hats,fte", "hats\x1b[31m,fte").replace("0.8", "\u202ered"))
        assert all(problem.isprintable() for problem in problems)

    @settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(raw=st.one_of(st.binary(max_size=300), st.text(alphabet='id,school;teamfte"\n\r\0é=0.1', max_size=200).map(str.encode)))
    def test_no_input_gives_anything_but_a_region_or_its_problems(self, folder, raw):
        where = folder(raw, raw)
        try:
            assert_sound(read_network(where))
        except RosterError as error:
            assert error.problems


ADVICE_PEOPLE = """id,school,yrs_teaching,trust,nonrespondent_guess,grade_group,in_largest_grade_group
a1,1,10,3.1,0,1,0
a2,1,25,3.1,0,1,0
a3,1,3,3.1,0,2,1
a4,1,30,3.1,1,2,1
a5,1,25,3.1,0,2,1
b1,2,5,3.1,0,1,0
b2,2,4,3.1,0,1,0
"""
ADVICE_TIES = """wave,source,target,school
1,a1,a3,1
1,a2,a3,1
1,a5,a2,1
1,a3,a4,1
1,a5,a4,1
1,a1,a4,1
2,a1,a3,1
1,b1,b2,2
1,b2,a1,2
"""


class TestSchoolAdvice:
    def test_one_school_is_read_with_its_assumptions_in_the_notes(self, folder):
        region = read_network(folder(ADVICE_PEOPLE, ADVICE_TIES), 1)
        assert_sound(region)
        assert region.ids == ("a1", "a2", "a3", "a4", "a5") and region.team.tolist() == [0, 0, 1, 2, 3]
        assert region.unobserved.tolist() == [False, False, False, True, False]
        assert dict(region.notes) == {
            "roles_by_rule": {"leader": "a2", "coach": "a3"}, "largest_group_no_team": {"count": 3}, "unobserved": {"count": 1},
            "one_school_no_moves_across": {}, "ties_across_left_out": {"count": 1},
        }  # fmt: skip
        assert len(region.first_ties.ego) == 6 and (region.first_ties.age == -1).all() and np.isnan(region.first_ties.strength).all()

    def test_who_did_not_answer_gets_no_role(self, folder):
        region = read_school_advice(folder(ADVICE_PEOPLE, ADVICE_TIES), "1")
        assert region.role[region.ids.index("a4")] == Role.TEACHER, "most asked and longest in teaching, but silent"

    @pytest.mark.parametrize("school", [None, 3, "x"])
    def test_an_unknown_school_is_refused_with_the_list(self, folder, school):
        problem = problems_of(read_network, folder(ADVICE_PEOPLE, ADVICE_TIES), school)[0]
        assert problem.endswith("the schools are 1, 2")

    def test_all_problems_come_at_once(self, folder):
        people = ADVICE_PEOPLE.replace("a1,1,10,3.1,0", "a1,1,ten,3.1,maybe").replace("a2,", "a5,", 1)
        ties = ADVICE_TIES.replace("1,a5,a2", "x,a5,a2").replace("1,a3,a4,1", "1,a3,a9,1")
        problems = problems_of(read_network, folder(people, ties), 7)
        for says in ("yrs_teaching = 'ten'", "nonrespondent_guess = 'maybe'", "id = 'a5'", "no school '7'", "wave = 'x'", "target = 'a9'"):
            assert any(says in problem for problem in problems), says

    def test_missing_ties_and_columns_are_named(self, folder):
        problems = problems_of(read_network, folder(ADVICE_PEOPLE.replace("yrs_teaching", "years"), None), 1)
        assert any("ties.csv: no such file" in p for p in problems) and any("'yrs_teaching' is missing" in p for p in problems)

    def test_a_school_where_one_person_answered_is_refused(self, folder):
        problems = problems_of(read_network, folder(ADVICE_PEOPLE.replace("b2,2,4,3.1,0", "b2,2,4,3.1,1"), ADVICE_TIES), 2)
        assert problems == ["people.csv: 1 people of school '2' answered; a leader and a coach make at least 2"]

    def test_a_roster_has_no_schools_to_choose(self, folder):
        assert "a roster is read whole" in problems_of(read_network, folder(), "De Wilg")[0]

    @needs_data
    def test_observed_schools_have_the_people_and_ties_of_the_data(self):
        with (SHARED / "school_advice" / "stats.csv").open(encoding="utf-8") as file:
            stats = list(csv.DictReader(file))
        assert len(stats) == 10
        for row in stats:
            region = read_network(SHARED / "school_advice", row["school"])
            assert_sound(region)
            assert (region.people, len(region.first_ties.ego)) == (int(row["n"]), int(row["ties"]))
            assert int(region.unobserved.sum()) == int(row["n_noresponse_like"])
            assert np.bincount(region.first_ties.alter).max() == float(row["max_indegree"])


GRAPHML = """<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns">
<key id="s" for="node" attr.name="school" attr.type="string"><default>De Wilg</default></key>
<key id="t" for="node" attr.name="Team" attr.type="string"/>
<key id="r" for="node" attr.name="role" attr.type="string"/>
<key id="w" for="edge" attr.name="weight" attr.type="double"/>
<graph edgedefault="directed">
<node id="fatima"><data key="t">lower</data></node>
<node id="joost"><data key="t">lower</data><data key="r">school_leader</data></node>
<node id="ingrid"><data key="s">De Brink</data></node>
<edge source="fatima" target="joost"><data key="w">0.5</data></edge>
<edge source="joost" target="ingrid"/>
</graph></graphml>
"""


class TestGraphml:
    @pytest.fixture
    def graph(self, tmp_path):
        def write(text: str | bytes) -> Path:
            (tmp_path / "network.graphml").write_bytes(text if isinstance(text, bytes) else text.encode())
            return tmp_path / "network.graphml"

        return write

    def test_nodes_and_edges_become_people_and_ties(self, graph):
        region = read_network(graph(GRAPHML))
        assert_sound(region)
        assert region.ids == ("fatima", "joost", "ingrid") and region.school_names == ("De Wilg", "De Brink")
        assert region.team.tolist() == [0, 0, 1] and region.role.tolist() == [0, Role.LEADER, 0]
        assert region.first_ties.ego.tolist() == [0, 1] and region.first_ties.alter.tolist() == [1, 2]
        np.testing.assert_array_equal(region.first_ties.strength, np.array([0.5, np.nan], np.float32))

    def test_an_undirected_tie_goes_both_ways(self, graph):
        region = read_graphml(graph(GRAPHML.replace('"directed"', '"undirected"')))
        assert list(zip(region.first_ties.ego, region.first_ties.alter, strict=True)) == [(0, 1), (1, 0), (1, 2), (2, 1)]
        assert ("undirected_both_ways", {}) in region.notes

    @pytest.mark.parametrize(
        ("old", "new", "says"),
        [
            ("<graphml", '<!DOCTYPE lol [<!ENTITY a "b">]><graphml', "holds <!DOCTYPE"),
            ("<graphml", '<!ENTITY a "b"><graphml', "holds <!ENTITY"),
            ("UTF-8", "UTF-16", "encoding 'UTF-16'; must be UTF-8"),
            ("UTF-8", "cp037", "must be UTF-8"),
            (">0.5<", ">NaN<", "edge 'fatima' to 'joost', strength = 'nan': must be a number from 0 to 1"),
            (">0.5<", ">INF<", "strength"),
            (">0.5<", ">1e400<", "strength"),
            (">0.5<", ">3<", "strength = '3.0'"),
            (">0.5<", ">a<", "is not GraphML that can be read"),
            ("</graph>", "", "is not GraphML that can be read"),
            ('target="ingrid"', 'target="ingird"', "nodes have no id, or are named by edges only"),
            ('target="ingrid"', 'target="joost"', "nobody has a tie to themselves"),
            ("school_leader", "chef", "node 'joost', role = 'chef'"),
            ('attr.name="school"', 'attr.name="skool"', "column 'school' is missing"),
            ('<edge source="joost"', '<edge source="fatima" target="joost"/><edge source="joost"', "the same tie as in edge"),
            ("<graph ", "<graph/><graph ", "2 times <graph>; at most 1"),
            ("<graph ", "<graph><x:graph/></graph><graph ", "3 times <graph>; at most 1"),
            ('id="joost"', 'id="fatima"', "the id 'fatima' belongs to more than one node"),
            ('<node id="joost"', "<node", "nodes have no id, or are named by edges only"),
            ("lower", "x" * 300, "a cell of more than 200 characters"),
            ("lower", "lo\nwer", "a cell with line breaks"),
        ],
    )
    def test_what_is_wrong_is_said(self, graph, old, new, says):
        text = GRAPHML.replace(old, new, 1)
        assert any(says in problem for problem in problems_of(read_graphml, graph(text)))

    @pytest.mark.parametrize(
        "text",
        [
            "", "no xml", "<graphml/>", "<a>" * 3_000, "<a>" * 3_000 + "</a>" * 3_000, GRAPHML.encode("utf-16"), b"\x00" * 99,
            GRAPHML.replace('attr.type="double"', 'attr.type="long"').replace(">0.5<", f">{'9' * 5_000}<"),
            GRAPHML.replace('attr.type="double"', 'attr.type="boolean"'),
            GRAPHML.replace('attr.type="double"', 'attr.type="evil"'),
            GRAPHML.replace('key="w"', 'key="zz"'),
            GRAPHML.replace(' id="joost"', ""),
            GRAPHML.replace("<node", "<hyperedge/><node", 1),
        ],
    )  # fmt: skip
    def test_hostile_files_give_problems_and_nothing_else(self, graph, text):
        assert problems_of(read_graphml, graph(text))

    def test_a_file_of_tags_only_is_refused_before_parsing(self, graph, monkeypatch):
        monkeypatch.setattr(rosters, "MAX_TAGS", 1_000)
        assert problems_of(read_graphml, graph("<a>" * 1_001)) == ["network.graphml: more than 1000 tags"]

    def test_nodes_edges_and_keys_are_counted_before_parsing(self, graph, monkeypatch):
        monkeypatch.setattr(rosters, "MAX_PEOPLE", 2)
        monkeypatch.setattr(rosters, "MAX_TIES", 1)
        text = GRAPHML.replace("<graph ", '<key id="x"/>' * 100 + "<graph ")
        assert [p.partition(": ")[2] for p in problems_of(read_graphml, graph(text))] == [
            "3 times <node>; at most 2", "2 times <edge>; at most 1", "104 times <key>; at most 100",
        ]  # fmt: skip


LOCATIONS = """location_id,brin,board,name,municipality,rmc,pupils_2020,pupils_2025
10AA00,10AA,41775,School Een,LINDEVEEN,Regio R,180,200
10AB00,10AB,41775,School Twee,LINDEVEEN,Regio R,180,8.0
10AC00,10AC,20281,School Drie,ROGGEBRINK,Regio R,180,400
10AD00,10AD,20281,School Vier, ,Regio R,180,
"""


class TestLocations:
    @pytest.fixture
    def places(self, tmp_path):
        def write(text: str = LOCATIONS) -> Path:
            (tmp_path / "school_locations.csv").write_text(text, encoding="utf-8")
            return tmp_path

        return write

    def test_a_school_of_200_pupils_has_about_15_educators(self, places):
        region = read_locations(places(), 41775)
        assert_sound(region)
        assert np.diff(region.school_start).tolist() == [15, 4, 1] and region.school_office.tolist() == [False, False, True]
        assert region.describe()["teachers"] == 15 + 4 - 4 and region.role[-1] == Role.BOARD

    def test_what_is_assumed_is_noted(self, places):
        region = read_locations(places(), share_educators=0.5)
        assert note_ids(region) == ["locations_without_pupils", "staff_from_pupils", "rmc_for_swv", "made_up_people"]
        assert dict(region.notes)["staff_from_pupils"]["share_educators"] == 0.5
        assert region.describe()["boards"] == 2 and region.describe()["schools"] == 3 and region.level(0, -2) is Level.SWV

    def test_no_real_name_gets_out_unless_asked_for(self, places):
        text = LOCATIONS + "".join(f"{i},x,{i % 7},School {i},PLAATS {i % 9},Regio {i % 3},1,99\n" for i in range(60))
        hidden, shown = read_locations(places(text)), read_locations(places(text), real_names=True)
        names = ("school_names", "board_names", "town_names", "swv_names")
        assert not any(set(getattr(hidden, kind)) & set(getattr(shown, kind)) for kind in names)
        assert "School Een" in shown.school_names and "LINDEVEEN" in shown.town_names and "Regio R" in shown.swv_names
        assert np.array_equal(hidden.team, shown.team)
        assert all(len(getattr(hidden, kind)) == len(set(getattr(hidden, kind))) for kind in names[1:])

    def test_seed_changes_names_only(self, places):
        text = LOCATIONS + "".join(f"{i},x,5,School {i},P,R,1,99\n" for i in range(20))
        one, other = read_locations(places(text), 5, seed=1), read_locations(places(text), 5, seed=2)
        assert one.school_names != other.school_names and np.array_equal(one.school_start, other.school_start)

    def test_a_board_has_a_policy_officer_per_ten_schools(self, places):
        text = LOCATIONS + "".join(f"{i},x,5,School {i},P,R,1,99\n" for i in range(21))
        assert read_locations(places(text), [5, "41775"]).describe() | {"board_members": 2, "policy_officers": 2, "schools": 23} == (
            read_locations(places(text), ["5", 41775]).describe()
        )

    @pytest.mark.parametrize(
        ("old", "new", "says"),
        [
            ("rmc", "rcm", "column 'rmc' is missing"),
            ("pupils_2025", "leerlingen", "column 'pupils_2020'"),
            (",200", ",many", "row 2, pupils_2025 = 'many': must be a whole number from 1 to 5000"),
            (",200", ",nan", "pupils_2025 = 'nan'"),
            (",200", ",-3", "pupils_2025 = '-3'"),
            (",200", ",1e9", "pupils_2025 = '1e9'"),
            ("10AB00", "10AA00", "row 3, location_id = '10AA00': must be different in every row; row 2 has it too"),
            ("School Een", "", "row 2, name = '': must not be empty"),
        ],
    )
    def test_what_is_wrong_is_said(self, places, old, new, says):
        text = LOCATIONS.replace(old, new, 1)
        if new == "leerlingen":
            text, says = text.replace("pupils_2020", "toen"), "no column with pupils; expected pupils_<year>"
        assert any(says in problem for problem in problems_of(read_locations, places(text)))

    def test_all_problems_come_at_once(self, places):
        text = LOCATIONS.replace(",200", ",x").replace("10AB00", "10AA00")
        problems = problems_of(read_locations, places(text), [41776, 41775], people_per_pupil=float("nan"), share_educators=2, seed=-1)
        for says in ("people_per_pupil = nan", "share_educators = 2", "seed = -1", "pupils_2025 = 'x'", "'10AA00'", "no board '41776'"):
            assert any(says in problem for problem in problems), says

    def test_an_unknown_board_names_the_nearest(self, places):
        assert problems_of(read_locations, places(), 41776) == ["school_locations.csv: there is no board '41776' (nearest: 41775, 20281)"]
        assert "name at least one" in problems_of(read_locations, places(), [])[0]

    def test_a_board_without_pupils_is_refused(self, places):
        text = LOCATIONS.replace("20281,School Drie", "41775,School Drie")
        assert problems_of(read_locations, places(text), 20281) == [
            "school_locations.csv: no location of board '20281' has pupils in pupils_2025"
        ]

    @needs_data
    def test_the_whole_country(self):
        region = read_locations(SHARED / "dutch_primary_schools")
        assert_sound(region)
        assert region.describe()["schools"] == 6_091 and 95_000 < region.people < 110_000
        sizes = np.diff(region.school_start)[~region.school_office]
        assert 14 <= np.median(sizes) <= 16

    @needs_data
    def test_fictional_places_are_not_real_ones(self):
        with (SHARED / "dutch_primary_schools" / "school_locations.csv").open(encoding="utf-8") as file:
            real = {row["municipality"].casefold() for row in csv.DictReader(file)}
        assert not real & {name.casefold() for name in read_locations(SHARED / "dutch_primary_schools").town_names}
