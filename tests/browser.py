"""A real Chromium for the tests, driven by Playwright."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = [
    # Chromium's own sandbox does not start for root, nor in most containers; all pages here are ours.
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

# What a page is waited for, on a busy machine too; the default is 5 s.
expect.set_options(timeout=30_000)


def executable() -> str:
    """The path of the installed Chromium; fails the test with what to install when there is none."""
    for name in NAMES:
        path = shutil.which(name)
        if path:
            return path
    pytest.fail(
        "The browser tests need Chromium and found none. Debian, Ubuntu: apt-get install chromium",
        pytrace=False,
    )


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    # Playwright keeps an event loop in this thread, beside which Django refuses its ORM; module by module, so
    # that asynchronous tests can follow.
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        chromium = playwright.chromium.launch(executable_path=executable(), headless=True, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: Browser, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Page]:
    """A fresh page of a fresh profile. A script error or a breach of the security policy fails the test."""
    complaints: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            complaints.append(message.text)

    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-US")
    context.set_default_timeout(60_000)
    page = context.new_page()
    page.on("console", hear)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    if request.node.stash.get(FAILED, False):
        picture = tmp_path / "page.png"
        page.screenshot(path=picture, full_page=True)
        print(f"The page when it failed: {page.url} {picture}")
    context.close()
    assert not complaints, complaints


FAILED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo):
    report = yield
    if report.failed:
        item.stash[FAILED] = True
    return report
