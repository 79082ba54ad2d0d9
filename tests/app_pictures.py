"""The pictures of the app in `docs/`: `python -m tests.app_pictures`. Made in the system's Chromium, in few colours to stay small."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from PIL import Image

from tests.app_bench import people
from tests.browsing import ROOT, App, Watched, browser

FOLDER = ROOT / "docs"
SIZE = {"width": 1600, "height": 900}
COLOURS = 256


def keep(page: Any, name: str) -> Path:
    """What is on the screen now, as `docs/NAME.png`."""
    path = FOLDER / f"{name}.png"
    shot = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    shot.quantize(COLOURS, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(path, optimize=True)
    return path


def go_to(page: Any, week: int) -> None:
    """Bring Explore to a week."""
    page.evaluate(f"(() => {{ const s = document.querySelector('.tl input'); s.value = {week}; s.dispatchEvent(new Event('change')); }})()")
    page.wait_for_function(f"document.querySelector('.lw-explore').dataset.week === '{week}'")
    page.wait_for_timeout(900)


def explore(page: Any) -> None:
    """Two worlds after the leading, what differs between them, and one tie explained."""
    page.wait_for_selector(".lw-explore[data-week] canvas.network", timeout=60_000)
    go_to(page, 34)
    page.select_option(".card select", "17")
    page.click(".card .alters button")
    page.wait_for_selector(".card .sentence")
    page.check("[data-show=differ]")
    page.wait_for_timeout(900)


def many(page: Any) -> None:
    """A thousand people from a file, looked at close by."""
    page.wait_for_selector(".lw-explore[data-week] canvas.network", timeout=60_000)
    page.set_input_files("#lw-own", {"name": "people.csv", "mimeType": "text/csv", "buffer": people(1_000)})
    page.click("[data-own=show]")
    page.wait_for_function("document.querySelectorAll('.card option').length === 1001", timeout=300_000)
    go_to(page, 20)
    box = page.locator("canvas.network").first.bounding_box()
    page.mouse.move(box["x"] + 0.7 * box["width"], box["y"] + 0.3 * box["height"])
    page.mouse.wheel(0, -480)
    page.wait_for_timeout(900)


def workshop(page: Any) -> None:
    """A period that was played, looked back on."""
    page.wait_for_selector(".lw-workshop[data-stage=choose] .card", timeout=60_000)
    page.click(".predict [data-key=up]")
    for card in ("map", "introduce", "bridge"):
        page.click(f".choose [data-card={card}]")
    page.click(".play")
    page.click("[data-key=skip]")
    page.wait_for_selector(".lw-workshop[data-stage=back]", timeout=60_000)
    page.wait_for_timeout(1_500)


def main() -> None:
    """Make all of them."""
    app = App()
    try:
        with browser() as made:
            for name, kind, lang, show in (
                ("app-workshop.nl", "workshop", "nl", workshop), ("app-explore.nl", "explore", "nl", explore),
                ("app-explore.en", "explore", "en", explore), ("app-many.en", "explore", "en", many),
            ):  # fmt: skip
                page = Watched(made.new_context(viewport=SIZE), app.address).open(kind, lang).page
                show(page)
                path = keep(page, name)
                print(f"{path.relative_to(ROOT)}: {path.stat().st_size // 1000} kB")
    finally:
        app.end()


if __name__ == "__main__":
    main()
