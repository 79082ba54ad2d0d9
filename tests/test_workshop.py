"""The workshop's logic: cards and hours, rounds, what is told of them, other chance, and tables side by side."""

from itertools import pairwise

import numpy as np
import pytest

from experiments.texts import LANGUAGES, texts
from experiments.workshop.cards import CARDS, FIRST_HAND, HOURS, WHOM, Play, check_hand, hours_of, weeks_of
from experiments.workshop.feedback import MOST_SENTENCES, look_back, look_back_at_year, messages, tell
from experiments.workshop.game import DIALS, Game, Prediction, Start, begin, play_through, resting_world
from experiments.workshop.leading import TableLeads
from experiments.workshop.tables import AGAIN, band, choices_of, play_again, play_reference, result_of
from model.learning_network import YEAR
from model.moves import MOVES
from model.names import FIRST_NAMES
from model.people import PERIOD
from model.region import Level
from model.ties import STRONG, Origin

START = Start(grow_weeks=40, rounds=3)
HANDS = (
    (Play("map"), Play("introduce", 4), Play("bridge", 2)),
    (Play("pair"), Play("meet", 4)),
    (Play("team", 2, whom="lot"), Play("data", what="set", level=Level.TEAM), Play("club")),
)


def state_of(world):
    """Ties and people as bytes, field by field: between the fields of a record lie bytes that mean nothing."""
    ties, people = world.world.ties, world.world.people
    fields = (people[name] for name in people.dtype.names)
    return b"".join(np.ascontiguousarray(column).tobytes() for column in (ties.alter, ties.strength, *fields))


@pytest.fixture(scope="module")
def game():
    """A whole game, with what was told after each period kept beside it."""
    game, told = Game(START), []
    for hand in HANDS:
        game.choose(hand)
        game.prediction = Prediction("ties", "up")
        assert list(game.play()) == list(range(1, PERIOD + 1))
        told.append((look_back(game), game.rounds[-1], len(game.happenings.pairings)))
    assert list(game.let_go()) == list(range(1, YEAR + 1))
    game.told = told
    return game


class TestCards:
    def test_every_move_but_agreeing_with_others_is_a_card_with_its_hours(self):
        assert set(CARDS) == set(MOVES) - {"consult"}
        assert set(FIRST_HAND) <= set(CARDS)
        constants = resting_world(START).constants
        assert CARDS["meet"].hours(constants) == MOVES["meet"].leader_hours
        assert CARDS["invite"].hours(constants) == 4 * MOVES["invite"].leader_hours

    def test_voluntary_says_what_the_catalogue_says(self):
        assert {card.id for card in CARDS.values() if card.voluntary == 0} == {kind for kind in CARDS if MOVES[kind].voluntariness <= 0.25}

    def test_a_wrong_card_is_told_with_the_nearest(self):
        with pytest.raises(ValueError, match="'introduse': no such card .nearest: 'introduce'"):
            Play("introduse")
        with pytest.raises(ValueError, match="times = 0.*whom = 'x'.*what = 'y'"):
            Play("team", 0, "x", "y")
        with pytest.raises(ValueError, match="1 to 1 for 'watch'"):
            Play("watch", 2)

    def test_more_hours_than_there_are_are_refused_and_the_hand_stays(self):
        game = Game(START)
        game.choose((Play("meet", 5),))
        assert hours_of(game.hand, game.constants) == HOURS
        with pytest.raises(ValueError, match="21 hours: must be at most 20"):
            game.choose((Play("meet", 5), Play("watch")))
        assert game.hand == (Play("meet", 5),)
        assert check_hand((Play("team"), Play("team")), game.constants) == ["chosen twice: team"]

    @pytest.mark.parametrize("times", [1, 3, 4, 8, 20])
    def test_a_period_holds_every_playing_once(self, times):
        weeks = weeks_of((Play("introduce", times), Play("team", 2), Play("map")))
        assert len(weeks) == PERIOD
        played = [play.card for week in weeks for play in week]
        assert {card: played.count(card) for card in set(played)} == {"introduce": times, "team": 2, "map": 1}
        assert weeks[0][0].card == "map"


class TestHours:
    def test_no_leader_ever_spends_more_than_a_period_has(self):
        game = Game(START)
        for hand in ((Play("meet", 5),), (Play("pair"), Play("meet", 4), Play("share")), (Play("introduce", 20),)):
            before = [leader.spent for leader in game.world.leaders]
            game.choose(hand)
            list(game.play())
            spent = [leader.spent - was for leader, was in zip(game.world.leaders, before, strict=True)]
            assert max(spent) <= HOURS + 1e-9
            assert max(spent) == pytest.approx(hours_of(hand, game.constants))

    def test_hours_that_were_not_used_are_gone(self):
        game = Game(START)
        list(game.play())  # nothing chosen: twenty hours left
        game.choose((Play("meet", 5),))
        list(game.play())
        assert all(leader.spent == HOURS and leader.hours == pytest.approx(0) for leader in game.world.leaders)
        list(game.play())
        assert all(leader.hours == pytest.approx(HOURS) for leader in game.world.leaders)

    def test_a_year_without_a_leader_costs_no_hours(self, game):
        assert game.hours["leader"] == pytest.approx(np.mean([leader.spent for leader in game.world.leaders]))
        assert all(one.week <= game.begun + START.lead_weeks for one in game.policy.made)


class TestSameStartSameChance:
    def test_the_same_choices_give_the_same_bytes(self, game):
        again = play_through(START, HANDS, [Prediction("ties", "up")] * 3)
        assert state_of(again.world) == state_of(game.world)
        assert (again.values, again.hours) == (game.values, game.hours)
        assert result_of_choices(game).values == game.values

    def test_playing_leaves_the_resting_world_alone(self, game):
        resting = resting_world(START)
        assert resting.week == START.grow_weeks and game.world.world is not resting.world
        assert state_of(begin(START, "on_its_own")) == state_of(resting)

    def test_doing_nothing_is_growing_on_its_own(self):
        nothing = play_through(START, ((), (), ()))
        assert nothing.values == play_reference(START, "on_its_own").values
        assert nothing.hours == {"leader": 0.0, "teacher": 0.0}

    def test_other_choices_share_the_start(self, game):
        other = Game(START)
        assert other.dials == game.rounds[0].dials_before
        other.choose((Play("scrap"),))
        list(other.play())
        assert state_of(other.world) != state_of(game.world)


def result_of_choices(game):
    from experiments.workshop.tables import Table

    return result_of(Table("een", choices_of(game)))


class TestOrder:
    def test_the_year_comes_once_and_after_the_last_period(self, game):
        with pytest.raises(ValueError, match="comes once"):
            next(Game(START).let_go())
        with pytest.raises(ValueError, match="comes once"):
            next(game.let_go())
        with pytest.raises(ValueError, match="all 3 periods"):
            next(game.play())

    def test_dials_go_on_where_the_period_before_ended(self, game):
        for one, other in pairwise(game.rounds):
            assert one.dials_after == other.dials_before and set(one.dials_after) == set(DIALS)

    def test_a_start_that_is_none_is_refused(self):
        with pytest.raises(ValueError, match="number = 100.*rounds = 4"):
            Start(100, 4)


class TestWhom:
    def test_missed_people_have_the_fewest_strong_ties_of_those_not_helped(self):
        game = Game(START)
        leader = game.world.leaders[0]
        move = game.policy.as_move(Play("team"), leader)
        strong, _ = leader.sees()
        seen = dict(zip(leader.colleagues.tolist(), strong.tolist(), strict=True))
        left = [seen[row] for row in seen if row not in move.partners[0]]
        assert max(seen[row] for row in move.partners[0]) <= min(left)

    @pytest.mark.parametrize("card", sorted(CARDS))
    def test_every_card_is_a_move_of_people_who_are_there(self, card):
        game = Game(START)
        for whom in WHOM if CARDS[card].chooses else WHOM[:1]:
            move = TableLeads().as_move(Play(card, whom=whom), game.world.leaders[2])
            assert card == "triangle" or move is not None
            if move is not None:
                assert all(0 <= row < game.world.region.people for group in move.partners for row in group)

    def test_a_bridge_goes_to_another_school(self):
        game = Game(START)
        ((one, other),) = game.policy.as_move(Play("bridge"), game.world.leaders[1]).partners
        school = game.world.region.school
        assert school[one] == 1 != school[other]

    def test_a_topic_is_set_only_where_the_table_says_so(self):
        game = Game(START)
        assert game.policy.as_move(Play("meet"), game.world.leaders[0]).prescription == 0
        assert game.policy.as_move(Play("meet", what="set", level=Level.BOARD), game.world.leaders[0]).prescription == 1


class TestFeedback:
    """Every sentence is held against the run itself, looked up in another way."""

    def test_the_prediction_comes_first_and_says_what_the_dial_did(self, game):
        for sentences, one, _ in game.told:
            first = sentences[0]
            rose = one.dials_after["ties"] - one.dials_before["ties"]
            assert first.kind == ("predicted" if rose > 1 else "otherwise")
            assert (first.values["before"], first.values["after"]) == (one.dials_before["ties"], one.dials_after["ties"])

    def test_a_few_sentences_in_both_languages_with_fictional_names(self, game):
        for sentences, _, _ in game.told:
            assert 3 <= len(sentences) <= MOST_SENTENCES
            for sentence in sentences:
                told = [tell(sentence, texts(language)) for language in LANGUAGES]
                assert told[0] != told[1] and all("{" not in one for one in told)
                assert {sentence.values[name] for name in ("one", "other", "name") if name in sentence.values} <= set(FIRST_NAMES)

    def test_who_was_told_to_have_met_has_met(self, game):
        met = [(sentence, one) for sentences, one, _ in game.told for sentence in sentences if sentence.kind == "met"]
        assert met
        for sentence, one in met:
            (pairing,) = [p for p in game.happenings.pairings if (p.one, p.other) == sentence.people and p.begun > one.before.week][:1]
            weeks = range(pairing.begun, min(pairing.until, one.after.week) + 1, MOVES[pairing.card].interval)
            assert sentence.values["n"] == len(weeks) > 0
            assert one.after.tied(*sentence.people)

    def test_who_was_told_to_have_lasted_still_turns_to_the_other(self, game):
        for sentences, one, _ in game.told:
            for sentence in sentences:
                if sentence.kind == "lasted":
                    assert one.after.tied(*sentence.people)
                    assert 1 <= sentence.values["period"] < one.number

    def test_who_found_each_other_chose_so_in_this_period(self, game):
        kinds = [sentence.kind for sentences, _, _ in game.told for sentence in sentences]
        assert any(kind.startswith(("found", "busiest", "meeting")) for kind in kinds)
        for sentences, one, _ in game.told:
            for sentence in (s for s in sentences if s.kind.startswith("found")):
                tie = one.after.ties[sentence.people]
                assert tie.origin == Origin.CHOSEN and tie.born > one.before.week and not one.before.tied(*sentence.people)

    def test_meetings_are_told_as_they_were(self, game):
        for meeting in game.happenings.meetings:
            assert set(meeting.tired) <= set(meeting.present) <= set(meeting.invited)
            assert len(meeting.invited) == (6 if meeting.card == "team" else len(meeting.invited))
        asked = sum(MOVES[made.move.kind].form in ("meeting", "group") and made.paid for made in game.policy.made)
        assert len(game.happenings.meetings) == asked

    def test_pairs_that_said_no_are_not_told_as_agreed(self, game):
        proposed = {(week, pair) for week, _, pair in game.happenings.proposed}
        agreed = {(pairing.begun, (pairing.one, pairing.other)) for pairing in game.happenings.pairings}
        assert agreed < proposed

    def test_the_year_is_told_as_it_was(self, game):
        told = {sentence.kind: sentence for sentence in look_back_at_year(game)}
        before, after = game.rounds[-1].after, game.snapshot
        stayed = {
            pair
            for pair, tie in before.ties.items()
            if tie.strength >= STRONG
            and any(way in after.ties and after.ties[way].strength >= STRONG for way in (pair, pair[::-1]))
            and all(before.spell[row] == after.spell[row] for row in pair)
        }  # fmt: skip
        assert told["kept"].values["n"] == len({tuple(sorted(pair)) for pair in stayed})
        assert told["left"].values["n"] == int((before.spell != after.spell).sum())

    def test_messages_are_of_people_who_could_say_so(self):
        game = Game(START)
        for sentence in messages(game):
            (row,) = sentence.people
            if sentence.kind == "message_alone":
                assert not any(row in pair for pair in game.snapshot.ties)
            assert tell(sentence, texts("nl")).startswith(sentence.values["name"])


class TestOtherChance:
    def test_a_band_holds_all_but_the_two_most_extreme_at_each_end(self):
        played = [{date: dict.fromkeys(band_outcomes(), float(at)) for date in ("stop", "after")} for at in range(AGAIN)]
        assert band(played)["after"]["lasting"] == (2.0, 17.0)

    def test_other_chance_has_the_same_people_and_another_course(self):
        worlds = [begin(START, TableLeads(HANDS), chance) for chance in (None, 0, 1)]
        assert len({state_of(world) for world in worlds}) == 1
        for world in worlds:
            world.step()
        assert len({state_of(world) for world in worlds}) == 3

    def test_it_is_played_twenty_times_and_always_alike(self, game):
        first, again = (next(play_again(choices_of(game))) for _ in range(2))
        assert first == again != game.values


def band_outcomes():
    from experiments.compare import OUTCOMES

    return OUTCOMES
