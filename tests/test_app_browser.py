"""The app in a real browser: every page in both languages, playing, looking back, clicking, uploading, closing, losing the connection."""

from __future__ import annotations

import time

import pytest

from experiments.app.frame import PAGES
from experiments.replay import scene
from experiments.texts import LANGUAGES, texts
from model.region import generate_region
from tests.browsing import App, Watched, browser, chromium

pytestmark = pytest.mark.browser
WEEK = "Number(document.querySelector('.lw-explore').dataset.week)"
PICTURE = "document.querySelector('canvas.network').toDataURL()"
SIZE = {"width": 1600, "height": 900}
SHOWS = {"workshop": ".lw-page-workshop *", "explore": ".lw-explore[data-week] canvas.network", "compare": ".lw-page-compare button"}


@pytest.fixture(scope="module")
def app():
    chromium()
    made = App()
    yield made
    made.end()


@pytest.fixture(scope="module")
def shown():
    with browser() as made:
        yield made


@pytest.fixture(scope="module")
def explore(app, shown):
    """Explore, with its worlds grown; tests share it and leave it at the week they end in."""
    context = shown.new_context(viewport=SIZE)
    watched = Watched(context, app.address).open("explore", "nl")
    watched.page.wait_for_selector(SHOWS["explore"], timeout=60_000)
    yield watched
    context.close()


def go_to(page, week):
    page.evaluate(f"(() => {{ const s = document.querySelector('.tl input'); s.value = {week}; s.dispatchEvent(new Event('change')); }})()")
    page.wait_for_function(f"{WEEK} === {week}")
    page.wait_for_timeout(700)  # what is new has faded in


def place_of(page, row):
    """Where somebody is on the screen, by the layout alone."""
    drawn, box = scene(generate_region()), page.locator("canvas.network").first.bounding_box()
    scale = min(box["width"] / drawn["width"], box["height"] / drawn["height"])
    left, top = (box["width"] - scale * drawn["width"]) / 2, (box["height"] - scale * drawn["height"]) / 2
    return box["x"] + left + scale * drawn["x"][row], box["y"] + top + scale * drawn["y"][row]


def name_of(page, row):
    """The name beside somebody's number in the list of people."""
    return page.locator(f".card select option[value='{row}']").text_content().partition(" · ")[0]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", PAGES)
def test_every_page_comes_up_whole_and_stays_on_this_computer(app, shown, name, language):
    context = shown.new_context(viewport=SIZE)
    watched = Watched(context, app.address).open(name, language)
    watched.page.wait_for_selector(SHOWS[name], timeout=60_000)
    watched.page.wait_for_load_state("networkidle")
    told = watched.page.inner_text(".lw")
    context.close()
    assert watched.wrong == []
    assert texts(language)("general.thinking_tool") in told and texts(language)(f"app.pages.{name}") in told


def test_playing_moves_weeks_and_picture(explore):
    page = explore.page
    go_to(page, 0)
    before = page.evaluate(PICTURE)
    page.click(".ctl button.main")
    page.wait_for_function(f"{WEEK} >= 3")
    page.click(".ctl button.main")
    page.wait_for_timeout(600)
    week = page.evaluate(WEEK)
    page.wait_for_timeout(1_200)
    assert page.evaluate(WEEK) == week >= 3, "paused, it stays"
    assert page.evaluate(PICTURE) != before


def test_a_week_looked_at_again_is_the_same_week(explore):
    page = explore.page
    go_to(page, 6)
    first, told = page.evaluate(PICTURE), page.inner_text(".multi")
    go_to(page, 2)
    assert page.evaluate(PICTURE) != first
    go_to(page, 6)
    assert page.evaluate(PICTURE) == first and page.inner_text(".multi") == told


def test_zoom_is_kept_while_weeks_go_by(explore):
    page = explore.page
    page.mouse.move(*place_of(page, 20))
    page.mouse.wheel(0, -400)
    page.wait_for_function("Number(document.querySelector('canvas.network').dataset.zoom) > 1.5")
    zoomed = page.evaluate("document.querySelector('canvas.network').dataset.zoom")
    page.wait_for_function(f"document.querySelectorAll('canvas.network')[1].dataset.zoom === '{zoomed}'")
    go_to(page, page.evaluate(WEEK) + 1)
    assert page.evaluate("document.querySelector('canvas.network').dataset.zoom") == zoomed
    page.focus("canvas.network")
    page.keyboard.press("0")
    page.wait_for_function("document.querySelector('canvas.network').dataset.zoom === '1.00'")


def test_a_click_on_somebody_tells_who_it_is_and_why_they_turn_to_others(explore):
    page = explore.page
    page.mouse.click(*place_of(page, 17))
    page.wait_for_selector(".card header")
    name = name_of(page, 17)
    assert name in page.inner_text(".card header")
    page.click(".card .alters button")
    page.wait_for_selector(".card .sentence")
    assert name in page.inner_text(".card .sentence >> nth=0")


def test_two_people_are_introduced_by_dragging(explore):
    page = explore.page
    go_to(page, 3)
    page.mouse.move(*place_of(page, 16))
    page.mouse.down()
    page.mouse.move(*place_of(page, 22), steps=6)
    page.mouse.up()
    page.wait_for_function("document.querySelector('.told').textContent.length > 0")
    assert name_of(page, 16) in page.inner_text(".told") and name_of(page, 22) in page.inner_text(".told")


def test_a_world_is_led_differently_from_a_week_on(explore):
    page, nl = explore.page, texts("nl")
    go_to(page, 6)
    page.select_option(".ctl .branch", "nurtured|giving_space")
    page.wait_for_function("document.querySelectorAll('.wh h2')[1].textContent.includes('→')")
    assert nl("app.branch.begun", week=6) in page.inner_text(".told")
    go_to(page, 12)
    differ = "document.querySelectorAll('canvas.network')[0].toDataURL() !== document.querySelectorAll('canvas.network')[1].toDataURL()"
    assert page.evaluate(differ)
    go_to(page, 4)
    one, other = page.locator("canvas.network").evaluate_all("views => views.map((view) => view.getAttribute('aria-label'))")
    assert one.partition(": ")[2] == other.partition(": ")[2], "up to then they are one world, in words as well"
    page.click(".foot button")
    page.wait_for_function("!document.querySelectorAll('.wh h2')[1].textContent.includes('→')")


def test_the_picture_can_be_walked_through_with_the_keyboard(explore):
    page = explore.page
    page.select_option(".card select", "-1")
    page.wait_for_function("!document.querySelector('.card header')")
    page.focus("canvas.network")
    page.keyboard.press("ArrowRight")
    page.wait_for_selector(".card header")
    first = page.input_value(".card select")
    page.keyboard.press("ArrowDown")
    page.wait_for_function(f"document.querySelector('.card select').value !== '{first}'")
    assert int(page.input_value(".card select")) >= 0


def test_the_language_changes_while_the_world_stays(explore):
    page = explore.page
    go_to(page, 5)
    page.click(".lw-lang-en")
    page.wait_for_selector(".lw-explore[lang=en]")
    assert page.evaluate(WEEK) == 5 and texts("en")("general.thinking_tool") in page.inner_text(".lw-bar")
    page.click(".lw-lang-nl")
    page.wait_for_selector(".lw-explore[lang=nl]")


def test_a_bad_file_is_told_in_words(explore):
    page = explore.page
    page.set_input_files("#lw-own", {"name": "people.csv", "mimeType": "text/csv", "buffer": b"id,school,role\n1,a,wizard\n1,a,teacher\n"})
    page.wait_for_selector(".told.problem")
    told = page.inner_text(".told.problem")
    assert "people.csv" in told and "wizard" in told and "row 2" in told and "Traceback" not in told


def test_a_good_file_is_looked_at_first_and_then_shown(explore):
    page = explore.page
    rows = [f"Karel{at},Echt{at // 12},{'school_leader' if at % 12 == 0 else 'teacher'}" for at in range(36)]
    page.set_input_files("#lw-own", {"name": "people.csv", "mimeType": "text/csv", "buffer": "\n".join(["id,school,role", *rows]).encode()})
    page.wait_for_selector("[data-own=show]")
    assert "36" in page.inner_text(".card") and "Karel" not in page.inner_text(".lw") and "Echt" not in page.inner_text(".lw")
    page.click("[data-own=show]")
    page.wait_for_function("document.querySelectorAll('.card option').length === 37", timeout=60_000)
    assert "Karel" not in page.inner_text(".lw") and "36 mensen" in page.inner_text(".same")
    page.click(".foot button")
    page.wait_for_function("document.querySelectorAll('.card option').length === 86", timeout=60_000)


def test_a_lost_connection_heals(explore):
    page = explore.page
    go_to(page, 4)
    sockets = page.evaluate("window.lines.length")
    page.evaluate("window.lines.at(-1).close()")
    page.wait_for_function(f"window.lines.length > {sockets} && window.lines.at(-1).readyState === 1", timeout=30_000)
    page.wait_for_timeout(500)
    go_to(page, 7)
    assert page.evaluate(WEEK) == 7


def test_ten_tabs_that_play_and_close_leave_nothing_behind(app, explore, shown):
    context = shown.new_context(viewport={"width": 400, "height": 300})
    tabs = [Watched(context, app.address).open("explore", "en") for _ in range(10)]
    for tab in tabs:
        tab.page.wait_for_selector(SHOWS["explore"], timeout=90_000)
        tab.page.click(".ctl button.main")
    tabs[-1].page.wait_for_function(f"{WEEK} >= 1", timeout=60_000)
    assert app.pages() == 11
    playing = app.threads()
    for tab in tabs:
        tab.page.close()
    context.close()
    most = playing - 5  # ten loops end, while the server may keep a few more threads of its own for the next visitor
    until = time.monotonic() + 15
    while (app.pages() > 1 or app.threads() > most) and time.monotonic() < until:
        time.sleep(0.2)
    used = app.busy()
    time.sleep(1.5)
    assert app.pages() == 1, "only the page that stayed open has a world"
    assert app.threads() <= most, "each tab had a loop of its own"
    assert app.busy() - used < 0.4, "nothing plays on"


def test_nothing_went_wrong_on_the_way(explore, app):
    assert explore.wrong == []
    assert not [line for line in app.told if "Traceback" in line or "Error" in line]
