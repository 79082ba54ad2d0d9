"""The workshop in a real browser: five periods and the year without a leader, in Dutch; tables, codes, guide and paper."""

from __future__ import annotations

import time

import pytest

from experiments.texts import LANGUAGES, texts
from tests.browsing import App, Watched, browser, chromium

pytestmark = pytest.mark.browser
SIZES = ((1600, 900), (1280, 720))
nl = texts("nl")


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


def stage(page, name, timeout=60_000):
    page.wait_for_selector(f".lw-workshop[data-stage={name}]", timeout=timeout)


def enter(shown, app, language, size=SIZES[0]):
    context = shown.new_context(viewport={"width": size[0], "height": size[1]})
    watched = Watched(context, app.address).open("workshop", language)
    watched.page.wait_for_selector(".lw-workshop[data-stage=choose] .card", timeout=60_000)
    return context, watched


def play(page, direction, *cards, wait=False):
    page.click(f".predict [data-key={direction}]")
    for card in cards:
        page.click(f".choose [data-card={card}]")
    page.wait_for_selector(".play:enabled")
    page.click(".play")
    if not wait:
        page.click("[data-key=skip]")
    stage(page, "back")


@pytest.fixture(scope="module")
def played(app, shown):
    """A whole workshop of five periods in Dutch, played to the reveal; what was seen on the way is kept beside it."""
    context, watched = enter(shown, app, "nl")
    page, seen = watched.page, {}
    page.fill("[data-key=name]", "Tafel 4")
    page.fill("[data-key=aim]", "Niemand alleen")
    page.press("[data-key=aim]", "Enter")
    seen["picture"] = page.evaluate("document.querySelector('canvas.network').toDataURL()")
    play(page, "up", "map", "introduce", "bridge", wait=True)
    page.wait_for_timeout(700)
    seen["told"], seen["after"] = page.inner_text(".feed"), page.evaluate("document.querySelector('canvas.network').toDataURL()")
    page.fill("[data-key=log]", "Eerst zien wie elkaar al opzoekt.")
    page.press("[data-key=log]", "Enter")
    for cards in (("team", "meet"), ("introduce",), (), ("meet",)):
        page.click(".play")
        stage(page, "choose")
        play(page, "same", *cards)
    page.click(".play")
    page.click("[data-key=skip]")
    stage(page, "over")
    yield watched, seen
    context.close()


def test_a_period_moves_the_picture_and_is_told_in_dutch(played):
    _, seen = played
    assert seen["picture"] != seen["after"]
    assert seen["told"].startswith(nl("workshop.dials.ties.name")) and len(seen["told"].splitlines()) >= 3


def test_the_reveal_shows_five_outcomes_at_both_dates(played):
    page = played[0].page
    assert page.locator(".outcome").count() == 5
    assert all("→" in told for told in page.locator(".outcome .told").all_inner_texts())
    assert nl("workshop.say.look_back_year") in page.inner_text(".back")


def test_the_same_choices_are_played_again(played):
    page = played[0].page
    page.click("[data-key=again]")
    page.wait_for_selector(".outcome .two rect", timeout=90_000)
    assert page.locator(".outcome .two rect").count() == 5


def test_tables_lie_side_by_side_and_a_wrong_code_is_told(played):
    page = played[0].page
    page.click(".strip [data-key=tables]")
    page.wait_for_selector("tr.reference")
    code = page.inner_text("output.code")
    page.fill("[data-key=lay-code]", code[:-1] + ("Z" if code[-1] != "Z" else "Y"))
    page.click("[data-key=add]")
    page.wait_for_selector(".problem p")
    assert f"Groep {len(code.split('-'))}" in page.inner_text(".problem")
    page.fill("[data-key=lay-code]", code.lower())
    page.fill("[data-key=lay-name]", "Tafel 5")
    page.click("[data-key=add]")
    page.wait_for_selector("tr.other")
    own, other = (page.locator(f"tr.{kind} td .told").all_inner_texts() for kind in ("own", "other"))
    assert own == other and "Niemand alleen" in page.inner_text("tr.own")
    page.click(".tables [data-key=chosen]")
    assert nl("workshop.cards.map.name") in page.inner_text("tr.other")


def test_the_file_of_a_table_can_be_kept_and_laid_beside(played, tmp_path):
    page = played[0].page
    with page.expect_download() as kept:
        page.click(".tables [data-key=save]")
    kept.value.save_as(tmp_path / "tafel.json")
    text = (tmp_path / "tafel.json").read_text(encoding="utf-8").replace("Tafel 4", "Tafel 6")
    page.set_input_files("#lw-table", {"name": "tafel.json", "mimeType": "application/json", "buffer": text.encode()})
    page.wait_for_function("document.querySelectorAll('tr.other').length === 2")
    assert "Tafel 6" in page.inner_text(".tables tbody")


def test_the_language_changes_while_the_game_stays(played):
    page = played[0].page
    outcomes = page.locator("tr.own td").count()
    page.click(".lw-lang-en")
    page.wait_for_selector(".lw-workshop[lang=en]")
    assert page.locator("tr.own td").count() == outcomes and "Tafel 4" in page.inner_text("tr.own")
    assert texts("en")("general.thinking_tool") in page.inner_text(".lw-bar")
    page.click(".lw-lang-nl")
    page.wait_for_selector(".lw-workshop[lang=nl]")


@pytest.mark.parametrize(("key", "told"), [("guide", "workshop.guide.title"), ("print", "workshop.paper.title")])
def test_guide_and_result_open_as_one_page_of_paper(played, key, told):
    page = played[0].page
    page.click(".strip [data-key=slide]")
    with page.context.expect_page() as opened:
        page.click(f"[data-key={key}]")
    paper = opened.value
    paper.wait_for_selector("h1")
    assert nl(told) in paper.inner_text("body") and nl("general.thinking_tool") in paper.inner_text("body")
    paper.set_viewport_size({"width": 690, "height": 1020})  # what an A4 leaves between its margins, in pixels
    paper.emulate_media(media="print")
    assert paper.evaluate("document.body.scrollHeight") <= 1020
    paper.close()


def test_nothing_went_wrong_and_nothing_left_this_computer(played, app):
    assert played[0].wrong == []
    assert not [line for line in app.told if "Traceback" in line or "Error" in line]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", SIZES)
def test_every_step_is_one_slide(app, shown, language, size):
    context, watched = enter(shown, app, language, size)
    page = watched.page

    def fits():
        return page.evaluate("""(() => {
            const root = document.documentElement, parts = [...document.querySelectorAll('.panel .go, .after, .cards')];
            const below = parts.map((one) => one.getBoundingClientRect().bottom - innerHeight);
            return [root.scrollHeight - innerHeight, root.scrollWidth - innerWidth, ...below].map((over) => Math.ceil(over - 0.5));
        })()""")

    assert max(fits()) <= 0
    play(page, "down", "map", "team", "meet")
    assert max(fits()) <= 0
    assert page.evaluate("document.querySelector('canvas.network').getBoundingClientRect().height > 0.4 * innerHeight")
    context.close()
    assert watched.wrong == []


def test_all_cards_can_be_reached_by_keyboard(app, shown):
    context, watched = enter(shown, app, "nl")
    page = watched.page
    page.focus("[data-key=all]")
    page.keyboard.press("Enter")
    page.wait_for_selector(".shade")
    assert page.locator(".shade .card").count() == 19
    page.focus(".shade [data-card=scrap]")
    page.keyboard.press("Space")
    page.wait_for_selector(".shade [data-card=scrap][aria-pressed=true]")
    page.keyboard.press("Escape")
    page.wait_for_selector(".shade", state="detached")
    assert page.get_attribute(".choose [data-card=scrap]", "aria-pressed") == "true"
    context.close()


def test_tabs_that_close_while_weeks_go_by_leave_nothing_behind(app, shown):
    pages, threads = app.pages(), app.threads()
    opened = [enter(shown, app, "nl", (800, 600)) for _ in range(3)]
    for _, watched in opened:
        watched.page.click(".predict [data-key=up]")
        watched.page.wait_for_selector(".play:enabled")
        watched.page.click(".play")
        stage(watched.page, "period")
    playing = app.threads()
    assert playing >= threads
    for context, _ in opened:
        context.close()
    until = time.monotonic() + 20
    while (app.pages() > pages or app.threads() > playing - 3) and time.monotonic() < until:
        time.sleep(0.2)
    used = app.busy()
    time.sleep(1.5)
    assert app.pages() == pages and app.threads() <= playing - 3
    assert app.busy() - used < 0.4, "nothing plays on"
