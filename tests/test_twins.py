"""Two worlds in lock-step: going back and on again gives the same bytes, and what is asked by hand is a move like any other."""

import numpy as np
import pytest

from experiments.app.own_start import read_own
from experiments.app.places import field, scene_of
from experiments.app.session import Session
from experiments.app.twins import FRESH_BIT, GONE_BIT, ONLY_HERE_BIT, RECORD, ByHand, Setup, Twins, facts_of, why
from experiments.runs import branches
from experiments.texts import texts
from model.region import generate_region

FEW = Setup(names=("strong_pull", "nurtured"), weeks=12, after=6)


def bytes_of(world):
    ties = world.world.ties
    return b"".join(np.ascontiguousarray(column).tobytes() for column in (*ties, world.world.people.energy, world.world.people.knowledge))


@pytest.fixture(scope="module")
def straight():
    twins = Twins(FEW)
    twins.go_to(twins.last)
    return twins


class TestTime:
    def test_it_is_what_an_ordinary_run_gives(self, straight):
        for name, world in branches(FEW.job()):
            for _ in range(straight.last):
                world.step()
            assert bytes_of(world) == bytes_of(straight.worlds[name])

    def test_back_and_on_again_gives_the_same_bytes(self, straight):
        twins = Twins(FEW)
        twins.go_to(11)
        twins.go_to(3)
        assert twins.week == 3 and len(twins.series("lasting")["nurtured"]) == 4
        twins.go_to(twins.last)
        assert {name: bytes_of(world) for name, world in twins.worlds.items()} == {
            name: bytes_of(world) for name, world in straight.worlds.items()
        }
        assert twins.series("lasting") == straight.series("lasting")

    def test_the_last_week_is_the_last(self, straight):
        assert not straight.step() and straight.week == straight.last == 18

    def test_both_begin_alike_and_go_apart(self, straight):
        one, other = (straight.seen[name] for name in FEW.names)
        assert np.array_equal(one[0].ties, other[0].ties)
        assert not np.array_equal(one[-1].ties, other[-1].ties)

    def test_another_way_from_half_way_shares_the_past(self):
        twins = Twins(Setup(names=FEW.names, weeks=24, after=2))
        twins.go_to(6)
        both = twins.lead_on("strong_pull", "on_its_own")
        both.go_to(20)
        going_on, new = both.worlds
        assert np.array_equal(both.seen[going_on][6].ties, both.seen[new][6].ties)
        assert not np.array_equal(both.seen[going_on][20].ties, both.seen[new][20].ties)
        twins.go_to(20)
        assert bytes_of(twins.worlds["strong_pull"]) == bytes_of(both.worlds[going_on])

    def test_another_way_from_half_way_is_the_timeline_of_both(self):
        twins = Twins(Setup(names=FEW.names, weeks=20, after=2))
        twins.go_to(11)
        both = twins.lead_on("strong_pull", "giving_space")
        both.go_to(17)
        both.go_to(5)
        both.go_to(19)
        straight = Twins(Setup(names=("strong_pull:11, giving_space:9", "nurtured"), after=2))
        straight.go_to(19)
        assert bytes_of(both.worlds["strong_pull → giving_space"]) == bytes_of(straight.worlds["strong_pull:11, giving_space:9"])
        assert bytes_of(both.worlds["strong_pull"]) != bytes_of(both.worlds["strong_pull → giving_space"])

    def test_pages_that_begin_alike_share_the_growing_but_not_the_world(self):
        one, other = Twins(FEW), Twins(FEW)
        one.go_to(4)
        other.go_to(4)
        assert bytes_of(one.worlds["nurtured"]) == bytes_of(other.worlds["nurtured"])
        assert one.worlds["nurtured"].world.people is not other.worlds["nurtured"].world.people


class TestPicture:
    def test_ties_are_those_of_the_world(self, straight):
        name = "nurtured"
        table, shown = straight.worlds[name].ties(), straight.picture(name)
        pairs = {tuple(sorted(pair)) for pair in zip(np.asarray(table["ego"]).tolist(), np.asarray(table["alter"]).tolist(), strict=True)}
        there = shown[shown["bits"] & GONE_BIT == 0]
        assert {(int(a), int(b)) for a, b in zip(there["a"], there["b"], strict=True)} == pairs
        assert shown.dtype == RECORD

    def test_new_and_gone_are_told_from_the_weeks_before(self, straight):
        seen, shown = straight.seen["strong_pull"], straight.picture("strong_pull", 10)
        keys = shown["a"].astype(int) << 16 | shown["b"]
        assert set(keys[shown["bits"] & FRESH_BIT > 0]) == set(seen[10].strong) - set(seen[2].strong)
        assert set(keys[shown["bits"] & GONE_BIT > 0]) == set(seen[7].strong) - set(seen[10].strong)
        assert (straight.picture("strong_pull", 0)["bits"] & (FRESH_BIT | GONE_BIT) == 0).all()

    def test_what_only_one_world_has_is_marked(self, straight):
        here, there = (straight.seen[name][14].strong for name in FEW.names)
        shown = straight.picture("strong_pull", 14)
        keys = shown["a"].astype(int) << 16 | shown["b"]
        assert set(keys[shown["bits"] & ONLY_HERE_BIT > 0]) == set(here) - set(there) != set()

    def test_strength_is_that_of_the_stronger_way(self, straight):
        table, shown = straight.worlds["nurtured"].ties(), straight.picture("nurtured")
        most = {}
        for ego, alter, strength in zip(table["ego"], table["alter"], table["strength"], strict=True):
            pair = (int(min(ego, alter)), int(max(ego, alter)))
            most[pair] = max(most.get(pair, 0.0), float(strength))
        there = shown[shown["bits"] & GONE_BIT == 0]
        assert all(abs(most[int(one["a"]), int(one["b"])] * 100 - int(one["strength"])) <= 0.51 for one in there)


class TestByHand:
    def test_an_introduction_costs_hours_and_makes_a_commitment(self):
        twins = Twins(Setup(names=("on_its_own", "nurtured"), weeks=12, after=2))
        twins.go_to(3)
        world = twins.worlds["on_its_own"]
        leader = world.leaders[0]
        rows = [row for row in range(twins.region.people) if twins.region.school[row] == leader.school][:8]
        have = {tie.alter.row for tie in world.at(rows[0]).ties}
        other = next(row for row in rows[1:] if row not in have)
        spent = leader.spent
        assert twins.introduce(rows[0], other)["on_its_own"] == "asked"
        twins.step()
        assert twins.worlds["on_its_own"].leaders[0].spent == pytest.approx(spent + 1.0)
        twins.go_to(2)
        twins.go_to(4)
        assert twins.worlds["on_its_own"].leaders[0].spent == pytest.approx(spent + 1.0)

    def test_where_nobody_leads_it_is_said(self):
        twins = Twins(Setup(names=("on_its_own", "nurtured"), weeks=8, after=4))
        twins.go_to(9)
        assert set(twins.introduce(0, 1).values()) == {"nobody_leads"}

    def test_without_anything_asked_the_policy_is_untouched(self, straight):
        assert all(isinstance(world.policy, ByHand) and not world.policy.asked for world in straight.worlds.values())


class Screen:
    """A screen that keeps what it was shown last."""

    def __init__(self):
        self.state, self.setting, self.frame, self.weeks = {}, {}, b"", []

    def show(self, state, frame):
        self.state, self.frame = state, frame
        self.weeks.append(state["week"])

    def set(self, setting):
        self.setting = setting


@pytest.fixture
def session():
    made = Session(Screen(), "nl", FEW)
    made.obey({"do": "begin"})
    return made


class TestSession:
    def test_it_plays_in_a_thread_and_ends(self):
        screen = Screen()
        session = Session(screen, "en", FEW)
        session.start()
        session.ask({"do": "speed", "value": 8})
        session.ask({"do": "play", "on": True})
        session._thread.join(1.5)
        session.end()
        session.wait()
        assert screen.state["week"] >= 2 and screen.weeks == sorted(screen.weeks) and session.twins is None

    def test_a_person_and_a_tie_are_explained(self, session):
        row = next(row for row in range(84) if facts_of(session.twins.worlds["nurtured"], row)["ties"])
        session.obey({"do": "choose", "row": row})
        alters = session.view.state["person"]["alters"]
        session.obey({"do": "explain", "one": row, "other": alters[0]["row"]})
        told = session.view.state["why"]
        assert alters[0]["name"] in told["title"] and "zoekt" in told["worlds"][0]["sentence"]
        terms = dict(why(session.twins.worlds["strong_pull"], row, alters[0]["row"]))
        assert [term["value"] for term in told["worlds"][0]["terms"]] == pytest.approx(list(terms.values())[:6], abs=0.01)

    def test_a_lever_makes_other_worlds_at_the_same_week(self, session):
        session.obey({"do": "to", "week": 12})
        before = session.view.state["charts"][0]["lines"]
        session.obey({"do": "set", "name": "own_hours", "value": 2.0})
        assert session.view.state["week"] == 12 and session.setup.values == (("own_hours", 2.0),)
        assert session.view.state["charts"][0]["lines"] != before
        session.obey({"do": "usual"})
        assert session.setup.values == ()

    def test_what_cannot_be_is_told_and_changes_nothing(self, session):
        for message in ({"do": "set", "name": "crowding", "value": 99}, {"do": "ways", "names": ["nurtured", "nurtured"]},
                        {"do": "own", "files": {"a.txt": "x"}}):  # fmt: skip
            session.obey(message)
            assert session.view.state["problem"] and session.setup == FEW
        session.obey({"do": "fly"})
        assert session.setup == FEW

    def test_words_change_while_it_goes_on(self, session):
        session.obey({"do": "to", "week": 2})
        session.obey({"do": "language", "lang": "en"})
        assert session.view.setting["lang"] == "en" and session.view.state["week"] == 2
        assert "strong ties" in session.view.state["worlds"][0]["told"]

    def test_a_line_is_explained_from_the_side_that_turns_to_the_other(self, session):
        world = session.twins.worlds["nurtured"]
        one, other = next(
            (row, tie.alter.row) for row in range(84) for tie in world.at(row).ties if not session.twins.turns_to(tie.alter.row, row)
        )
        session.obey({"do": "explain", "one": other, "other": one})
        assert session.tie == (one, other) and world.at(one).name in session.view.state["why"]["title"]

    @pytest.mark.parametrize(
        "message", [{"do": "explain", "one": 3, "other": 3}, {"do": "introduce", "one": -1, "other": 2}, {"do": "nothing"}]
    )
    def test_what_cannot_be_is_let_go(self, session, message):
        session.obey(message)
        assert session.tie == (-1, -1) and session.problem == ""

    def test_weeks_come_at_the_speed_asked_however_long_one_takes(self, session):
        session.obey({"do": "speed", "value": 4})
        session.obey({"do": "play", "on": True})
        due = session.due
        session.obey({"do": "tick"})
        assert session.due == pytest.approx(due + 0.25, abs=1e-6)
        session.due -= 100  # one week took very long: the next comes at once, but not a hundred seconds of weeks
        session.obey({"do": "tick"})
        assert session.pause() < 0.26


class TestOwnStart:
    PEOPLE = "id,school,role,team\n" + "".join(f"Karel{n},Echt,{'school_leader' if n == 0 else 'teacher'},{n % 2}\n" for n in range(8))

    def test_people_of_ones_own_are_shown_under_invented_names(self, session):
        ties = "source,target\nKarel1,Karel2\nKarel2,Karel3\n"
        before = session.twins
        session.obey({"do": "own", "files": {"people.csv": self.PEOPLE, "ties.csv": ties}})
        offer = session.view.state["offer"]
        assert "8" in offer["count"] and "2" in offer["count"] and "Karel" not in str(offer) and "Echt" not in str(offer)
        assert session.twins is before, "nothing is shown before somebody says so"
        session.obey({"do": "offer", "show": True})
        assert session.problem == "" and session.twins.region.people == 8 and session.view.state["offer"] is None
        everything = str(session.view.state) + str(session.view.setting)
        assert "Karel" not in everything and "Echt" not in everything

    def test_an_offer_can_be_turned_down(self, session):
        before = session.twins
        session.obey({"do": "own", "files": {"people.csv": self.PEOPLE}})
        session.obey({"do": "offer", "show": False})
        assert session.twins is before and session.view.state["offer"] is None

    def test_every_problem_is_told_and_nothing_is_left(self, tmp_path, monkeypatch):
        monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
        with pytest.raises(ValueError, match="wizard") as told:
            read_own({"people.csv": "id,school,role\n1,a,wizard\n1,a,teacher\n"}, texts("en"))
        assert "people.csv" in str(told.value)
        assert list(tmp_path.iterdir()) == []

    def test_sizes_are_limited(self):
        with pytest.raises(ValueError, match="2 MB"):
            read_own({"people.csv": "x" * 2_100_000}, texts("en"))


class TestPlaces:
    @pytest.mark.parametrize("schools", [6, 15, 40, 140])
    def test_everybody_is_inside_the_own_school_and_no_schools_touch(self, schools):
        region = generate_region(schools=schools)
        drawn = scene_of(region)
        at, own = np.column_stack([drawn["x"], drawn["y"]]), region.school
        middle, radius = np.array([[one["x"], one["y"]] for one in drawn["schools"]]), np.array([one["r"] for one in drawn["schools"]])
        assert (np.hypot(*(at - middle[own]).T) <= radius[own] + 0.2).all()
        assert (at > 0).all() and (at[:, 0] < drawn["width"]).all() and (at[:, 1] < drawn["height"]).all()
        apart = np.hypot(*(middle[:, None] - middle[None]).transpose(2, 0, 1)) + np.eye(len(middle)) * 1e9
        assert (apart > radius[:, None] + radius[None] - 2).all()

    def test_a_field_is_as_large_as_fits(self):
        middle, square = field(72)
        assert len(np.unique(middle, axis=0)) == 72 and square > 50
