import xml.etree.ElementTree as ET

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.colors import same_color, to_hex, to_rgb
from matplotlib.image import imread

from experiments import figures, page
from experiments.figures import describe_before_after, describe_lines, draw_before_after, draw_lines, save
from experiments.network_picture import NEW, lay_out, strong_lines
from experiments.page import LOOKS, PAPER, Page, looks
from experiments.texts import LANGUAGES, texts
from model.region import Role, dutch_region, generate_region

nl = texts("nl")
OUTCOMES = ["lasting", "lasting_across", "nobody", "energy", "practice"]
DATES = ["start", "stop", "after"]
POLICIES = ("strong_pull", "on_its_own", "nurtured", "time_freed")
GROW, LEAD, AFTER = 400, 40, 40
STOP = GROW + LEAD


def make_lines(policies=POLICIES, replicates=20, seed=1):
    """Weekly lines of every outcome, shares and scales within 0..1."""
    rng = np.random.default_rng(seed)
    weeks = np.arange(LEAD + AFTER + 1)
    return {
        outcome: {
            policy: np.clip(0.3 + 0.1 * (rank + 1) * np.minimum(weeks, LEAD) / LEAD + rng.normal(0, 0.05, (replicates, 1)), 0, 1)
            for rank, policy in enumerate(policies)
        }
        for outcome in OUTCOMES
    }


def make_summary(lines, pairs=(("nurtured", "strong_pull"),)):
    """What a comparison of these lines would find, as far as figures use it."""
    at = dict(zip(DATES, (0, LEAD, LEAD + AFTER), strict=True))
    policies = list(next(iter(lines.values())))
    found = {"mean": 0.1, "low": 0.05, "high": 0.15, "n": 20, "above": 14, "below": 6, "equal": 0, "band_low": -0.1, "band_high": 0.3}
    level = {
        policy: {
            outcome: {
                date: {"mean": float(values[:, week].mean()), "low": float(values[:, week].min()), "high": float(values[:, week].max())}
                for date, week in at.items()
            }
            for outcome, by_policy in lines.items()
            for values in [by_policy[policy]]
        }
        for policy in policies
    }
    return {
        "name": "pull_or_grow", "people": 85, "schools": 6, "teachers": 72, "grow_weeks": GROW, "lead_weeks": LEAD, "after_weeks": AFTER,
        "policies": policies, "outcomes": OUTCOMES, "dates": DATES, "levels": level,
        "differences": [
            {"more": more, "less": less, "outcome": "lasting", "date": "after", "defaults": found, "worlds": found} for more, less in pairs
        ],
    }  # fmt: skip


def make_ties(region, per_person=3, seed=1):
    """Ties mostly to neighbours in the list, half of them strong, one in five begun after the stop, one in ten held."""
    rng = np.random.default_rng(seed)
    ego = np.repeat(np.arange(region.people), per_person)
    far = rng.random(len(ego)) < 0.1
    alter = (ego + np.where(far, rng.integers(1, region.people, len(ego)), rng.integers(1, 6, len(ego)))) % region.people
    pairs = np.unique(np.column_stack([ego, alter])[ego != alter], axis=0)
    count = len(pairs)
    return {
        "ego": pairs[:, 0].astype(np.int32), "alter": pairs[:, 1].astype(np.int32),
        "strength": rng.random(count).astype(np.float32),
        "born": np.where(rng.random(count) < 0.2, STOP + 10, 100).astype(np.int16),
        "held_until": np.where(rng.random(count) < 0.1, STOP + 3, -32768).astype(np.int16),
        "origin": np.zeros(count, np.uint8),
    }  # fmt: skip


def make_worlds(region, policies=("strong_pull", "nurtured")):
    return {
        policy: {"stop": make_ties(region, seed=2 * at), "after": make_ties(region, seed=2 * at + 1)} for at, policy in enumerate(policies)
    }


def words_of(figure):
    return [text.get_text() for text in figure.axes[0].texts]


def contrast(one, other):
    """Contrast ratio of two colours (WCAG 2.1)."""

    def luminance(colour):
        linear = [share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in to_rgb(colour)]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def boxes(figure):
    renderer = figure.canvas.get_renderer()
    return {text.get_text(): text.get_window_extent(renderer) for text in figure.axes[0].texts}


class TestLooks:
    def test_a_way_of_leading_keeps_its_look_whatever_stands_beside_it(self):
        assert looks(["nurtured"])["nurtured"] == looks(POLICIES)["nurtured"] == LOOKS["nurtured"]

    def test_those_without_a_look_get_different_ones(self):
        found = looks([f"way_{number}" for number in range(6)])
        assert len({(look.colour, look.marker.vertices.tobytes()) for look in found.values()}) == 6

    @pytest.mark.parametrize("look", [*LOOKS.values(), *page._OTHERS], ids=lambda look: look.colour)
    def test_lines_and_words_stand_out_from_the_page(self, look):
        assert contrast(look.colour, PAPER) >= 3 and contrast(look.text, PAPER) >= 4.5

    def test_no_way_of_leading_has_the_green_of_a_new_tie(self):
        assert not [look for look in (*LOOKS.values(), *page._OTHERS) if same_color(look.colour, NEW)]


class TestPage:
    def test_lines_of_text_fit(self):
        sheet = Page(400, 100)
        lines = sheet.wrap("a tie that is there and a tie that is not there any more", 150)
        assert len(lines) > 1 and all(sheet.width_of(line) <= 150 for line in lines)

    def test_balanced_lines_are_as_few_and_more_alike(self):
        sheet, text = Page(900, 100), "one two three four five six seven eight nine ten eleven twelve"
        plain, balanced = sheet.wrap(text, 420), sheet.balance(text, 420)
        assert len(plain) == len(balanced) and " ".join(balanced) == text
        assert sheet.width_of(balanced[-1]) >= sheet.width_of(plain[-1])

    def test_the_font_does_not_depend_on_the_machine(self):
        file = page._font(17, False).get_file()
        assert file or page._font(17, False).get_family() == ["DejaVu Sans"]


class TestSpread:
    def test_places_are_kept_where_there_is_room(self):
        assert figures.spread([10.0, 200.0, 100.0], 20, 0, 300) == [10.0, 200.0, 100.0]

    @pytest.mark.parametrize("wanted", [[50, 50, 50, 50], [0, 1, 2, 299], [299, 298, 297, 296], [10, 12, 100, 104], []])
    def test_places_are_apart_in_order_and_inside(self, wanted):
        places = figures.spread(wanted, 20, 0, 300)
        order = sorted(range(len(wanted)), key=lambda at: wanted[at])
        apart = np.diff([places[at] for at in order])
        assert (apart >= 20 - 1e-9).all() and all(-1e-9 <= place <= 300 for place in places)


class TestLines:
    lines = make_lines()
    summary = make_summary(lines)

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_it_says_what_it_is_and_what_is_shown(self, language):
        say = texts(language)
        words = words_of(draw_lines(self.lines, self.summary, say))
        joined = " ".join(words)
        assert say("questions.pull_or_grow") in words and say("general.thinking_tool") in words
        assert all(say(f"dates.{date}") in words for date in DATES)
        assert "14 van de 20" in joined or "14 of the 20" in joined
        assert "1,0 [0,5 tot 1,5]" in joined or "1.0 [0.5 to 1.5]" in joined
        assert "80 van elke 100" in joined or "80 of every 100" in joined

    def test_every_line_has_a_label_with_its_value(self):
        words = words_of(draw_lines(self.lines, self.summary, nl))
        ends = {policy: 10 * float(values[:, -1].mean()) for policy, values in self.lines["lasting"].items()}
        for policy, end in ends.items():
            name = nl(f"policies.{policy}.short").capitalize()
            label = next(word for word in words if word.startswith(name))
            assert float(label.removeprefix(name).replace(",", ".")) == pytest.approx(end, abs=0.51)

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_no_words_overlap_or_leave_the_page(self, language):
        figure = draw_lines(self.lines, self.summary, texts(language))
        found = list(boxes(figure).items())
        assert [name for name, box in found if box.x0 < 0 or box.x1 > 1600 or box.y0 < 0 or box.y1 > 900] == []
        touching = [(a, b) for at, (a, one) in enumerate(found) for b, other in found[at + 1 :] if one.shrunk(0.9, 0.6).overlaps(other)]
        assert touching == []

    def test_means_are_drawn_where_they_belong(self):
        figure = draw_lines(self.lines, self.summary, nl)
        blue = [line for line in figure.axes[0].lines if same_color(line.get_color(), LOOKS["strong_pull"].colour)]
        thick = max(blue, key=lambda line: len(line.get_xdata()) * line.get_linewidth())
        mean = self.lines["lasting"]["strong_pull"].mean(axis=0)
        assert len(thick.get_xdata()) == LEAD + AFTER + 1
        assert np.corrcoef(thick.get_ydata(), mean)[0, 1] == pytest.approx(-1)

    def test_an_outcome_that_is_zero_throughout_is_left_out(self):
        lines = make_lines()
        lines["lasting_across"] = {policy: 0 * values for policy, values in lines["lasting_across"].items()}
        words = " ".join(words_of(draw_lines(lines, make_summary(lines), nl)))
        assert "tussen scholen" not in words and "Energie" in words

    @pytest.mark.parametrize("policies", [("nurtured",), ("a_new_way", "strong_pull"), tuple(f"way_{at}" for at in range(7))])
    def test_any_ways_of_leading_can_be_drawn(self, policies):
        lines = make_lines(policies, replicates=1)
        summary = make_summary(lines, pairs=[])
        summary["levels"] = {
            policy: {o: dict.fromkeys(DATES, {"mean": 0.4, "low": 0.3, "high": 0.5}) for o in OUTCOMES} for policy in policies
        }
        words = words_of(draw_lines(lines, summary, nl))
        assert all(any(nl.templates.get(f"policies.{p}.short", p.replace("_", " "))[1:] in word for word in words) for p in policies)

    def test_lines_that_lack_something_are_refused_all_at_once(self):
        lines = make_lines()
        del lines["energy"]["nurtured"]
        lines["nobody"]["strong_pull"] = lines["nobody"]["strong_pull"][:, :50]
        with pytest.raises(
            ValueError, match=r"nobody, strong_pull: shape \(20, 50\); must be \(replicates, 81\); energy: no lines of 'nurtured'"
        ):
            draw_lines(lines, self.summary, nl)

    def test_the_sentence_for_who_cannot_see_it_has_the_numbers(self):
        told = describe_lines(self.summary, nl)
        assert told.startswith("Lijnen van week 0 tot week 80.") and told.count(" gaat van ") == 4 and "kennis die in de klas" in told


class TestLayout:
    @pytest.mark.parametrize(
        "region",
        [
            generate_region(),
            generate_region(schools=1, people_per_school=76, board_members=0),
            generate_region(schools=1),
            generate_region(schools=2, people_per_school=4),
            generate_region(boards=3, schools=4, unequal_sizes=True, policy_officers=2),
        ],
        ids=["six", "one of 76", "one with its board", "two", "three boards"],
    )
    def test_schools_do_not_touch_and_people_are_in_theirs(self, region):
        layout = lay_out(region, 700, 270)
        apart = np.hypot(*(layout.centre[:, None] - layout.centre[None]).transpose(2, 0, 1))
        np.fill_diagonal(apart, np.inf)
        schools = ~region.school_office
        assert (apart[schools][:, schools] >= np.add.outer(layout.radius, layout.radius)[schools][:, schools]).all()
        away = np.hypot(*(layout.place - layout.centre[region.school]).T)
        assert (away <= layout.radius[region.school]).all()
        assert (np.abs(layout.place) <= (350, 135)).all()

    def test_nobody_stands_on_somebody_else(self):
        layout = lay_out(generate_region(schools=1, people_per_school=76, board_members=0), 700, 270)
        apart = np.hypot(*(layout.place[:, None] - layout.place[None]).transpose(2, 0, 1))
        np.fill_diagonal(apart, np.inf)
        assert apart.min() > 2 * layout.dot * 0.8

    def test_the_same_region_has_the_same_layout(self):
        one, other = (lay_out(generate_region(), 700, 270) for _ in range(2))
        assert np.array_equal(one.place, other.place)


class TestStrongLines:
    region = generate_region(schools=2, people_per_school=4, board_members=0)
    ties = {
        "ego": np.array([0, 1, 0, 2, 3, 4], np.int32), "alter": np.array([1, 0, 2, 3, 5, 5], np.int32),
        "strength": np.array([0.9, 0.6, 0.4, 0.5, 0.7, 0.8], np.float32),
        "born": np.array([10, 450, 10, 450, 10, 450], np.int16), "held_until": np.array([-1, 440, 440, -1, 439, -1], np.int16),
    }  # fmt: skip

    def test_only_strong_ties_are_drawn_once_a_pair(self):
        lines = strong_lines(self.ties, self.region.school, 440, 440)
        assert list(zip(lines.one.tolist(), lines.other.tolist(), strict=True)) == [(0, 1), (2, 3), (3, 5), (4, 5)]
        assert lines.count == 5

    def test_a_pair_is_held_if_one_is_and_new_if_both_are(self):
        lines = strong_lines(self.ties, self.region.school, 440, 440)
        assert lines.held.tolist() == [True, False, False, False]
        assert lines.fresh.tolist() == [False, True, False, True]

    def test_ties_across_schools_are_counted_one_by_one(self):
        assert strong_lines(self.ties, self.region.school, 440, 440).across == 1


class TestBeforeAfter:
    summary = make_summary(make_lines())

    @pytest.mark.parametrize("language", LANGUAGES)
    @pytest.mark.parametrize("policies", [("nurtured",), ("strong_pull", "nurtured"), ("strong_pull", "nurtured", "on_its_own")])
    def test_every_picture_has_its_name_date_and_counts(self, policies, language):
        region, say = generate_region(), texts(language)
        worlds = make_worlds(region, policies)
        figure = draw_before_after(worlds, region, self.summary, say)
        words = words_of(figure)
        for policy in policies:
            name = say(f"policies.{policy}.name")
            assert name[0].upper() + name[1:] in words
            strong = int((worlds[policy]["stop"]["strength"] >= 0.5).sum())
            assert any(word.startswith(str(strong)) for word in words)
        assert words.count(say("figures.network.stop", week=40)) == words.count(say("figures.network.after", week=80)) == len(policies)
        assert say("general.thinking_tool") in words

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_no_words_overlap_or_leave_the_page(self, language):
        region = generate_region(policy_officers=1)
        figure = draw_before_after(make_worlds(region), region, self.summary, texts(language))
        height = figure.get_figheight() * 100
        found = [(text.get_text(), text.get_window_extent(figure.canvas.get_renderer())) for text in figure.axes[0].texts]
        assert [name for name, box in found if box.x0 < 0 or box.x1 > 1600 or box.y0 < 0 or box.y1 > height] == []
        assert [(a, b) for at, (a, one) in enumerate(found) for b, other in found[at + 1 :] if one.shrunk(0.9, 0.6).overlaps(other)] == []

    @pytest.mark.parametrize(
        ("region", "words"),
        [
            (generate_region(schools=1, people_per_school=76, board_members=0), "sterke verbindingen"),
            (generate_region(schools=42, unequal_sizes=True), "tussen scholen"),
            (dutch_region(3_000), "tussen besturen"),
        ],
        ids=["one school", "42 schools", "a region"],
    )
    def test_regions_of_every_size_can_be_drawn(self, region, words):
        figure = draw_before_after(make_worlds(region, ("nurtured",)), region, self.summary, nl)
        assert any(words in word for word in words_of(figure))
        assert ("tussen scholen" in " ".join(words_of(figure))) == (words == "tussen scholen")

    def test_each_role_has_its_shape_and_colour(self):
        region = generate_region(policy_officers=1)
        axes = draw_before_after(make_worlds(region), region, self.summary, nl).axes[0]
        fills = {to_hex(line.get_markerfacecolor()).upper() for line in axes.lines if line.get_linestyle() == "None"}
        assert fills >= {"#56B4E9", "#E69F00", "#F0E442", "#000000", "#FFFFFF"} and set(region.role) == {int(role) for role in Role}

    def test_a_world_without_a_date_is_refused(self):
        region = generate_region()
        worlds = make_worlds(region)
        del worlds["nurtured"]["after"]
        with pytest.raises(ValueError, match="nurtured: no ties at 'after'"):
            draw_before_after(worlds, region, self.summary, nl)
        with pytest.raises(ValueError, match="at least one way of leading"):
            draw_before_after({}, region, self.summary, nl)

    def test_the_sentence_for_who_cannot_see_it_has_the_counts(self):
        region = generate_region()
        worlds = make_worlds(region)
        strong = int((worlds["strong_pull"]["stop"]["strength"] >= 0.5).sum())
        assert f"sterk trekken van {strong} naar" in describe_before_after(worlds, region, self.summary, nl)


class TestSaving:
    @pytest.mark.parametrize("suffix", [".svg", ".png"])
    def test_the_same_figure_gives_the_same_bytes(self, suffix, tmp_path):
        lines = make_lines()
        for name in ("one", "two"):
            save(draw_lines(lines, make_summary(lines), nl), tmp_path / f"{name}{suffix}")
        one, two = ((tmp_path / f"{name}{suffix}").read_bytes() for name in ("one", "two"))
        assert one == two and b"Matplotlib v" not in one and b"<dc:date" not in one

    def test_a_png_has_the_size_of_the_projector(self, tmp_path):
        lines = make_lines()
        save(draw_lines(lines, make_summary(lines), nl), tmp_path / "lines.png")
        assert imread(tmp_path / "lines.png").shape[:2] == (900, 1600)

    def test_an_svg_is_well_formed_and_nothing_else_is_left(self, tmp_path):
        region = generate_region()
        save(draw_before_after(make_worlds(region), region, make_summary(make_lines()), nl), tmp_path / "network.svg")
        assert ET.parse(tmp_path / "network.svg").getroot().tag.endswith("svg")
        assert [path.name for path in tmp_path.iterdir()] == ["network.svg"]

    def test_another_ending_is_refused(self, tmp_path):
        with pytest.raises(ValueError, match=r"lines\.jpg: must end in \.svg or \.png"):
            save(Page(10, 10).figure, tmp_path / "lines.jpg")

    def test_drawing_leaves_the_settings_of_matplotlib_alone(self, tmp_path):
        before = dict(mpl.rcParams)
        save(Page(10, 10).figure, tmp_path / "empty.svg")
        assert dict(mpl.rcParams) == before
