"""The model as a Mesa model: what somebody who knows Mesa expects of it, on both versions the project supports."""

import copy
import gc
import inspect
import pickle

import mesa
import networkx as nx
import numpy as np
import pytest
from mesa.batchrunner import batch_run

from model.agents import KINDS, BoardMember, Educator, InternalCoach, SchoolLeader, Teacher
from model.choice import TERMS
from model.learning_network import YEAR, LearningNetwork
from model.measures import WEEKLY
from model.parameters import SPECS, ParameterError, Parameters
from model.policies import POLICIES, Policy, find_policy
from model.region import Role, generate_region

SMALL = generate_region(schools=2, people_per_school=7)


def run(model: LearningNetwork, weeks: int) -> LearningNetwork:
    for _ in range(weeks):
        model.step()
    return model


def assert_same(one: LearningNetwork, other: LearningNetwork) -> None:
    """Byte for byte: people, units, ties, hours, measures."""
    assert one.week == other.week
    for name in one.world.people.dtype.names:
        np.testing.assert_array_equal(one.world.people[name], other.world.people[name], err_msg=name)
    for name in one.world.units.dtype.names:
        np.testing.assert_array_equal(one.world.units[name], other.world.units[name], err_msg=name)
    for name, array in one.world.ties._asdict().items():
        np.testing.assert_array_equal(array, getattr(other.world.ties, name), err_msg=name)
    assert [(leader.hours, leader.spent) for leader in one.leaders] == [(leader.hours, leader.spent) for leader in other.leaders]
    assert one.measures == other.measures


@pytest.fixture(scope="module")
def led() -> LearningNetwork:
    """A world in its tenth week of strong pull; tests do not change it."""
    return run(LearningNetwork(1, region=SMALL, policy="strong_pull"), 10)


class Saving(Policy):
    """Leads, and spends nothing. Not registered: it has no id."""

    def act(self, leader):
        yield from ()


class TestAgents:
    def test_everybody_is_an_agent_of_the_class_of_their_role(self, led):
        assert isinstance(led, mesa.Model) and all(isinstance(agent, Educator) for agent in led.agents)
        assert len(led.agents) == SMALL.people
        by_type = {kind: len(agents) for kind, agents in led.agents_by_type.items()}
        assert by_type == {kind: int((SMALL.role == role).sum()) for role, kind in KINDS.items() if (SMALL.role == role).any()}
        assert set(by_type) == {Teacher, InternalCoach, SchoolLeader, BoardMember}

    def test_agent_sets_of_mesa_work(self, led):
        coaches = led.agents.select(lambda agent: agent.role == Role.COACH)
        assert {agent.row for agent in coaches} == set(np.flatnonzero(SMALL.role == Role.COACH).tolist())
        assert led.agents.get("energy") == led.world.people.energy.tolist()
        assert led.agents.agg("asked_by", sum) == int(led.world.ties.degree.sum())
        assert sum(len(group) for group in led.agents.groupby("school").groups.values()) == SMALL.people

    def test_an_agent_is_a_view_of_a_row(self, led):
        for agent in led.agents:
            assert led.at(agent.row) is agent
            assert agent.school == SMALL.school[agent.row]
            assert agent.fte == led.world.people.fte[agent.row]
            assert agent.knowledge.tolist() == led.world.people.knowledge[agent.row].tolist()
        assert {hat for agent in led.agents for hat in agent.hats} == {"language", "maths", "ict", "care"}

    def test_what_an_agent_knows_is_a_copy(self, led):
        before = led.world.people.knowledge.copy()
        led.at(0).knowledge[:] = 0.99
        np.testing.assert_array_equal(led.world.people.knowledge, before)

    def test_ties_of_an_agent_are_those_of_the_model(self, led):
        table = led.ties()
        rows = [(agent.row, tie.alter.row, tie.strength, tie.born, tie.held_until) for agent in led.agents for tie in agent.ties]
        columns = (table[name].tolist() for name in ("ego", "alter", "strength", "born", "held_until"))
        assert sorted(rows) == list(zip(*columns, strict=True))
        for agent in led.agents:
            strengths = [tie.strength for tie in agent.ties]
            assert strengths == sorted(strengths, reverse=True)
        assert {tie.origin for agent in led.agents for tie in agent.ties} >= {"first", "assigned"}

    def test_an_agent_can_say_why(self, led):
        one, other = led.at(0), led.at(1)
        reasons = one.why(other)
        assert set(reasons) == {*TERMS, "strength"}
        assert np.isfinite([*reasons.values()]).all()

    def test_a_step_of_an_agent_changes_at_most_one_tie_of_theirs(self):
        model = run(LearningNetwork(2, region=SMALL, start="dense"), 1)
        changed = 0
        for agent in model.agents:
            before = set(zip(*(model.ties()[name].tolist() for name in ("ego", "alter")), strict=True))
            agent.step()
            after = set(zip(*(model.ties()[name].tolist() for name in ("ego", "alter")), strict=True))
            assert len(before ^ after) <= 1 and {ego for ego, _ in before ^ after} <= {agent.row}
            changed += len(before ^ after)
        assert changed > 0

    def test_every_step_by_hand_has_draws_of_its_own(self):
        """With chances that nearly always add somebody, a second step of a week finds somebody else; a copy takes the same steps."""
        model = run(LearningNetwork(2, region=SMALL, baseline=5.0, cost=0.0), 1)
        copy = model.branch("on_its_own")
        found = []
        for one in (model, copy):
            agent = one.at(3)
            for _ in range(4):
                agent.step()
            found.append([tie.alter.row for tie in agent.ties])
        assert len(set(found[0])) == len(found[0]) >= 4
        assert found[0] == found[1]

    def test_agents_can_be_asked_and_stepped_before_the_first_week(self):
        model = LearningNetwork(2, region=SMALL)
        assert np.isfinite([*model.at(0).why(model.at(1)).values()]).all()
        model.agents.shuffle_do("step")
        assert model.week == 0

    def test_who_is_replaced_is_another_agent(self):
        model = LearningNetwork(3, region=SMALL, staff_turnover=0.5, leader_leaves=0.5, collect=False)
        before = {agent.row: agent for agent in model.agents}
        run(model, YEAR - 1)
        assert all(model.at(row) is agent for row, agent in before.items())
        run(model, 1)
        left = np.flatnonzero(model.world.people.spell).tolist()
        assert 0 < len(left) < SMALL.people
        for row, agent in before.items():
            assert (model.at(row) is not agent) == (row in left)
            assert (agent in model.agents) == (row not in left)
            assert type(model.at(row)) is type(agent)
            assert model.at(row).spell == int(row in left)
        assert len(model.agents) == SMALL.people == len({agent.unique_id for agent in model.agents})


class TestModel:
    def test_a_week_is_a_step_of_mesa(self, led):
        assert led.week == led.steps == 10

    def test_the_data_collector_has_a_row_a_week_and_a_column_a_measure(self, led):
        table = led.datacollector.get_model_vars_dataframe()
        assert list(table.columns) == list(WEEKLY)
        assert len(table) == 11
        assert table.iloc[-1].to_dict() == led.measures
        assert table["leader_hours"].is_monotonic_increasing

    def test_nothing_is_collected_where_that_is_asked(self):
        model = run(LearningNetwork(1, region=SMALL, collect=False), 3)
        assert len(model.datacollector.get_model_vars_dataframe()) == 0

    def test_growing_first_is_growing_without_leading(self):
        grown = LearningNetwork(4, region=SMALL, policy="strong_pull", grow_weeks=5)
        by_hand = run(LearningNetwork(4, region=SMALL, policy="on_its_own"), 5)
        np.testing.assert_array_equal(grown.world.ties.alter, by_hand.world.ties.alter)
        assert grown.measures["leader_hours"] == 0 and (grown.lead_from, grown.lead_until) == (6, 5 + YEAR)
        assert len(grown.datacollector.get_model_vars_dataframe()) == 1

    def test_the_graph_has_everybody_and_every_tie(self, led):
        graph, table = led.to_networkx(), led.ties()
        assert isinstance(graph, nx.DiGraph) and len(graph) == SMALL.people
        assert sorted(graph.edges) == list(zip(table["ego"].tolist(), table["alter"].tolist(), strict=True))

    @pytest.mark.parametrize("copied", [copy.deepcopy, lambda model: pickle.loads(pickle.dumps(model))], ids=["deepcopy", "pickle"])
    def test_a_copy_goes_on_identically_and_apart(self, copied):
        """Over the end of a year, so that agents are replaced in both; the original does not move while the copy does."""
        model = run(LearningNetwork(5, region=SMALL, policy="strong_pull", staff_turnover=0.5), YEAR - 4)
        other = copied(model)
        gc.collect()
        run(other, 6)
        assert model.week == YEAR - 4
        assert len(model.datacollector.get_model_vars_dataframe()) == YEAR - 3
        assert all(agent.model is other for agent in other.agents)
        assert_same(run(model, 6), other)
        assert [agent.spell for agent in model.agents] == [agent.spell for agent in other.agents]

    def test_branches_share_their_start_and_nothing_after(self):
        start = LearningNetwork(6, region=SMALL, grow_weeks=4)
        pull, own, again = (start.branch(policy) for policy in ("strong_pull", "on_its_own", "strong_pull"))
        for branch in (pull, own, again):
            np.testing.assert_array_equal(branch.world.ties.alter, start.world.ties.alter)
            assert (branch.week, branch.lead_from, branch.lead_until) == (4, 5, 4 + YEAR)
        run(again, 12), run(own, 12)
        assert_same(run(pull, 12), again)
        assert pull.measures["leader_hours"] > 0 == own.measures["leader_hours"]
        assert pull.measures["ties"] != own.measures["ties"]

    def test_a_branch_that_changes_nothing_is_the_world_itself(self):
        model = LearningNetwork(7, region=SMALL, policy="on_its_own", grow_weeks=4)
        branch = model.branch("on_its_own")
        run(branch, 10)
        assert_same(run(model, 10), branch)

    def test_what_people_are_committed_to_goes_on_whoever_leads(self):
        model = run(LearningNetwork(7, region=SMALL, policy="strong_pull", compliance=1.0), 3)
        assert len(model.agenda.holds)
        branch = model.branch("on_its_own")
        assert branch.agenda.teacher_minutes == 0 == branch.world.people.given.sum()
        run(branch, 8)
        assert branch.agenda.teacher_minutes == 60 * branch.world.people.given.sum() / 60 > 0
        run(branch, 1)
        assert not len(branch.agenda.holds)
        assert not (branch.world.ties.held_until >= branch.week).any()

    def test_hours_that_were_not_used_are_gone_after_a_school_year(self):
        model = run(LearningNetwork(7, region=SMALL, policy=Saving(), lead_weeks=2 * YEAR, leader_leaves=0.0), YEAR - 1)
        assert [leader.hours for leader in model.leaders] == pytest.approx([18 / 8 * (YEAR - 1)] * len(model.leaders))
        assert [leader.hours for leader in run(model, 2).leaders] == pytest.approx([18 / 8] * len(model.leaders))

    def test_a_new_leader_has_saved_seen_and_arranged_nothing(self):
        model = run(LearningNetwork(7, region=SMALL, policy="nurtured"), 5)
        assert all(leader.last for leader in model.leaders)
        left = np.zeros(SMALL.people, np.bool_)
        left[model.leaders[0].row] = True
        model.replace_people(left)
        assert (model.leaders[0].hours, model.leaders[0].last, model.leaders[0].helped) == (0.0, {}, {})
        assert all(leader.last for leader in model.leaders[1:])

    def test_a_policy_may_be_given_as_itself(self):
        by_name = run(LearningNetwork(8, region=SMALL, policy="strong_pull"), 9)
        assert_same(by_name, run(LearningNetwork(8, region=SMALL, policy=find_policy("strong_pull")), 9))

    def test_parameters_may_be_given_together_or_one_by_one(self):
        together = Parameters().with_values(crowding=0.2, rate=1.0)
        one = LearningNetwork(9, region=SMALL, parameters=together, rate=0.5)
        assert (one.parameters.feel.crowding, one.parameters.choice.rate, one.constants.rate) == (0.2, 0.5, 0.5)


class TestSeeds:
    def test_the_same_seed_gives_the_same_world_and_another_another(self):
        one, again, other, replicate = (
            run(LearningNetwork(seed, region=SMALL, replicate=number), 6) for seed, number in ((1, 0), (1, 0), (2, 0), (1, 1))
        )
        assert_same(one, again)
        for different in (other, replicate):
            assert not np.array_equal(one.world.people.activity, different.world.people.activity)

    def test_seed_0_is_a_seed(self):
        assert_same(run(LearningNetwork(0, region=SMALL), 3), run(LearningNetwork(0, region=SMALL), 3))

    def test_whole_numbers_of_numpy_are_whole_numbers(self):
        assert_same(run(LearningNetwork(np.int64(3), region=SMALL), 3), run(LearningNetwork(rng=3, region=SMALL), 3))

    def test_mesas_own_generators_are_never_drawn_from(self):
        model = LearningNetwork(1, region=SMALL, policy="strong_pull")
        before = model.rng.bit_generator.state, model.random.getstate()
        run(model, 5)
        assert (model.rng.bit_generator.state, model.random.getstate()) == before


class TestErrors:
    @pytest.mark.parametrize(
        ("arguments", "error", "message"),
        [
            ({"crowdng": 0.1}, ParameterError, r"crowdng: no such parameter \(nearest: crowding\)"),
            ({"crowding": 7}, ParameterError, "crowding = 7: must be -1 to 1"),
            ({"crowding": "high"}, ParameterError, "crowding = 'high': must be a finite number"),
            ({"crowdng": 0.1, "rate": -1}, ParameterError, r"crowdng: .*; rate = -1"),
            ({"policy": "strong_pul"}, ValueError, r"policy 'strong_pul': no such policy \(nearest: 'strong_pull'; all: .*nurtured"),
            ({"start": "dence"}, ValueError, r"start 'dence': no such start \(nearest: 'dense'; all: empty, sparse, dense\)"),
            ({"rng": -1}, ValueError, r"seed = -1: must be a whole number from 0"),
            ({"rng": 1.5}, ValueError, r"seed = 1.5: must be a whole number from 0"),
            ({"rng": "one"}, ValueError, r"seed = 'one': must be a whole number from 0"),
            ({"replicate": -2}, ValueError, r"replicate = -2: must be a whole number from 0"),
        ],
    )
    def test_what_is_wrong_is_said(self, arguments, error, message):
        with pytest.raises(error, match=message):
            LearningNetwork(region=SMALL, **arguments)


class TestBatchRun:
    """Mesa 3.3 steps once too often and knows no `rng`; 3.5 passes `rng=None` where no seed is given. Both must work."""

    @pytest.fixture
    def rows(self) -> list[dict]:
        parameters = {"policy": ["on_its_own", "strong_pull"], "crowding": [0.0, 0.3], "region": [SMALL]}
        return batch_run(LearningNetwork, parameters, number_processes=1, max_steps=5, display_progress=False)

    def test_every_combination_is_run(self, rows):
        assert [(row["policy"], row["crowding"]) for row in rows] == [
            ("on_its_own", 0.0), ("on_its_own", 0.3), ("strong_pull", 0.0), ("strong_pull", 0.3)
        ]  # fmt: skip
        assert all(set(WEEKLY) <= set(row) for row in rows)

    def test_a_row_is_what_the_model_says(self, rows):
        for row in rows:
            model = run(LearningNetwork(region=SMALL, policy=row["policy"], crowding=row["crowding"]), int(row["Step"]))
            assert {name: row[name] for name in WEEKLY} == model.measures

    def test_seeds_are_taken(self):
        seeds = [3, 4]
        knows_seeds = "rng" in inspect.signature(batch_run).parameters
        given = {"rng": seeds} if knows_seeds else {}
        parameters = {"region": [SMALL]} | ({} if knows_seeds else {"rng": seeds})
        rows = batch_run(LearningNetwork, parameters, number_processes=1, max_steps=3, display_progress=False, **given)
        weeks = int(rows[0]["Step"])
        assert [row["energy"] for row in rows] == [run(LearningNetwork(s, region=SMALL), weeks).measures["energy"] for s in seeds]


class TestSliders:
    """`SolaraViz` makes and resets a model by keyword from a dictionary of widgets; in Mesa 3.3 only with `**kwargs` so called."""

    WIDGETS = {
        "policy": {"type": "Select", "value": "nurtured", "values": sorted(POLICIES), "label": "policy"},
        "start": {"type": "Select", "value": "sparse", "values": ["empty", "sparse", "dense"], "label": "start"},
        "crowding": {"type": "SliderFloat", "value": 0.1, "min": SPECS["crowding"].low, "max": SPECS["crowding"].high, "step": 0.1},
        "region": SMALL,
    }

    def test_a_model_is_made_and_reset_from_the_values_of_widgets(self):
        values = {name: widget["value"] if isinstance(widget, dict) else widget for name, widget in self.WIDGETS.items()}
        model = run(LearningNetwork(**values), 3)
        again = run(type(model)(**values), 3)
        assert model is not again
        assert_same(model, again)
        assert run(type(model)(**(values | {"crowding": 0.2, "rng": 5})), 1).constants.crowding == 0.2

    def test_mesas_check_of_the_names_passes(self):
        """What `SolaraViz` of 3.3 asks of every name, and of what is left out."""
        signature = inspect.signature(LearningNetwork.__init__).parameters
        assert all(name in signature or "kwargs" in signature for name in self.WIDGETS)
        assert not any(parameter.kind is parameter.VAR_POSITIONAL for parameter in signature.values())
        required = [name for name, p in signature.items() if p.default is p.empty and p.kind is not p.VAR_KEYWORD]
        assert required == ["self"]
