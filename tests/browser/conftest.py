"""A real browser: Debian's Chromium, driven by Playwright, which watches what a page does."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
PHONE, DESK = (360, 780), (1280, 900)  # CSS pixels


@dataclass
class Visit:
    """An open page, and what it did.

    Attributes:
        page: Playwright's.
        strangers: addresses outside of its own host that it asked for.
        complaints: what it raised or wrote to the console as an error.
        dialogs: what it wanted to say in a window of its own.
    """

    page: Page
    strangers: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)

    def findings(self) -> list[str]:
        """What axe-core finds: rule, and the first element of each."""
        found = Axe().run(self.page).response["violations"]
        return [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in found]

    def overflow(self) -> int:
        """How many pixels the page is wider than the window."""
        return int(self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))


Open = Callable[..., Visit]


@pytest.fixture(
    scope="module"
)  # Playwright's event loop runs as long as it does, and other tests have loops of their own
def chromium() -> Iterator[Browser]:
    """The browser, started once for each file of tests."""
    if CHROMIUM is None:
        pytest.skip("no Chromium here (Debian: apt-get install chromium)")
    with sync_playwright() as playwright:
        words = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*words, "--disable-gpu"])
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium: Browser) -> Iterator[Open]:
    """Opens a file or an address; every page has a profile of its own.

    Args:
        where: path of a page, or an address.
        size: width and height of the window in CSS pixels.
        scheme: "light" or "dark".
    """
    contexts = []

    def begin(where: Path | str, size: tuple[int, int] = DESK, scheme: str = "light") -> Visit:
        context = chromium.new_context(
            viewport={"width": size[0], "height": size[1]},
            color_scheme=scheme,
            bypass_csp=True,  # type: ignore[arg-type]
        )  # axe-core is put into the page, which its own policy forbids
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(90_000)  # a busy machine
        made = Visit(page)
        address = where.resolve().as_uri() if isinstance(where, Path) else where
        own = urlsplit(address).netloc

        def asked(url: str) -> None:
            parts = urlsplit(url)
            if parts.scheme not in ("data", "blob", "about") and parts.netloc != own:
                made.strangers.append(url)

        page.on("request", lambda request: asked(request.url))
        page.on("websocket", lambda socket: asked(socket.url))
        page.on("pageerror", lambda error: made.complaints.append(str(error)))
        page.on("console", lambda said: made.complaints.append(said.text) if said.type == "error" else None)
        page.on("dialog", lambda dialog: (made.dialogs.append(dialog.message), dialog.dismiss()))
        page.goto(address)
        return made

    yield begin
    for context in contexts:
        context.close()
