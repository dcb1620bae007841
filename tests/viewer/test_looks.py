"""Every page in Chromium: on a desk and on a phone, by day and by night, nothing overflows and all can be read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from sqlite3 import connect

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page

from tests.viewer.serving import Served

DESK, PHONE = 1280, 360

PAGES = {
    "front": "/",
    "search": "/search?q=the",
    "refused": "/search?q=(bridge",
    "nothing": "/search?q=zeppelin",
    "article": "/article/{article}",
    "evidence": "/article/{article}?evidence=1",
    "revision": "/article/{article}@1",
    "sides": "/article/{article}/diff",
    "inline": "/article/{article}/diff?view=inline",
    "snapshot": "/snapshot/{record}",
    "publishers": "/publishers",
    "publisher": "/publisher/127.0.0.1",
    "ledger": "/ledger",
    "help": "/help",
    "replay": "/replay",
    "missing": "/article/nobody/0",
}

SERIOUS = ("serious", "critical")


@pytest.fixture(scope="module")
def edited(viewer: Served) -> dict[str, str]:
    """What the addresses name: an article with two revisions, and the record of its first."""
    query = """
        SELECT a.id, c.record_id FROM articles a
        JOIN revisions r ON r.article_id = a.id AND r.number = 1 JOIN captures c ON c.id = r.capture_id
        WHERE a.revisions = 2 ORDER BY a.id
    """
    with closing(connect(viewer.index)) as index:
        article, record = index.execute(query).fetchone()
    return {"article": article, "record": record}


@pytest.fixture(scope="module", params=[(width, scheme) for width in (DESK, PHONE) for scheme in ("light", "dark")])
def context(request: pytest.FixtureRequest, browser: Browser) -> Iterator[BrowserContext]:
    width, scheme = request.param
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    yield context
    context.close()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_fits_and_can_be_read(
    viewer: Served, edited: dict[str, str], context: BrowserContext, name: str
) -> None:
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    asked = set()
    page.on("request", lambda request: asked.add(request.url))
    page.goto(viewer.address.rstrip("/") + PAGES[name].format(**edited))
    assert overflowing(page) == []
    assert faults(page) == []
    assert all(url.startswith(viewer.address) for url in asked)
    assert [text for text in said if "status of 40" not in text] == []
    page.close()


def overflowing(page: Page) -> list[str]:
    """What stands out beyond the window, but for what scrolls in a box of its own."""
    found: list[str] = page.evaluate(
        """() => document.documentElement.scrollWidth <= innerWidth ? [] :
            [...document.querySelectorAll("body *")]
                .filter((each) => each.getBoundingClientRect().right > innerWidth + 1 && !each.closest(".scroll"))
                .map((each) => each.outerHTML.slice(0, 120))"""
    )
    return found


def faults(page: Page) -> list[str]:
    """What axe-core finds serious, contrast among it."""
    violations = Axe().run(page).response["violations"]
    return [f"{each['id']}: {each['nodes'][0]['html'][:200]}" for each in violations if each["impact"] in SERIOUS]


def test_text_that_cannot_be_read_is_a_fault(browser: Browser) -> None:
    page = browser.new_page()
    page.set_content("<html lang=en><title>Pale</title><main><h1 style='color:#ccc;background:#fff'>Pale</h1></main>")
    assert [fault.partition(":")[0] for fault in faults(page)] == ["color-contrast"]
    page.set_content("<html lang=en><title>Wide</title><main style='width:9999px'>Wide</main>")
    assert overflowing(page) != []
    page.close()


def test_a_reader_goes_from_search_to_article_to_diff_to_snapshot(viewer: Served, browser: Browser) -> None:
    page = browser.new_page()
    page.goto(viewer.address)
    page.get_by_role("searchbox").fill('"Lantern Library" council')
    page.keyboard.press("Enter")
    page.locator(".hit").get_by_role("link", name="Council votes to keep the Lantern Library open").click()
    assert page.get_by_role("heading", level=1).inner_text().startswith("Council votes to keep")
    page.get_by_role("link", name="what changed").first.click()
    assert page.locator("del").first.inner_text() == "eleven to eight"
    assert page.locator("ins").first.inner_text() == "ten to nine"
    page.get_by_role("link", name="In one text").click()
    assert page.locator("del").first.inner_text() == "eleven to eight"
    page.get_by_role("link", name="snapshot").first.click()
    archived = page.frame_locator("iframe")
    archived.get_by_text("voted by eleven to eight").wait_for()
    page.close()


def test_without_scripts_all_of_it_can_be_done(viewer: Served, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(viewer.address)
    page.get_by_role("searchbox").fill("gauge")
    page.get_by_role("button", name="Search").click()
    page.locator(".hit h3 a").first.click()
    page.get_by_role("link", name="Show the evidence").click()
    page.get_by_text("not chosen:").first.wait_for(state="attached")
    page.go_back()
    page.get_by_role("link", name="snapshot").first.click()
    page.frame_locator("iframe").get_by_text("gauge").first.wait_for()
    context.close()


def test_the_tab_key_leads_past_the_head_of_the_page_first(viewer: Served, browser: Browser) -> None:
    page = browser.new_page()
    page.goto(viewer.address)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the text"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.close()
