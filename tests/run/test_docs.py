"""What the documents promise is there: their links lead somewhere, no setting and no reason is left out."""

import re
from pathlib import Path

import pytest

from compliance.words import REASONS
from dialer.words import FAILURES

BASE = Path(__file__).resolve().parents[2]
PAGES = sorted([BASE / "README.md", BASE / "sandbox" / "README.md", *(BASE / "docs").rglob("*.md")])
LINK = re.compile(r"\]\(([^)\s]+)\)")
VARIABLE = re.compile(r"""(?:\benv(?:\.\w+)?|environ\.get|kept_secret|port_from)\(\s*"([A-Z][A-Z_]+)\"""")


def anchors(page: Path) -> set[str]:
    """The anchors that a forge gives the page's headings."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(BASE)))
def test_links_of_a_page_lead_to_files_and_headings_that_exist(page: Path) -> None:
    for link in LINK.findall(page.read_text()):
        if "://" in link:
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), f"{page.name} links to {link}"
        assert not anchor or anchor in anchors(target), f"{page.name} links to {link}"


def test_the_readme_names_every_setting_that_the_code_reads() -> None:
    read = {
        name
        for file in ("config/settings.py", "run.py", "sandbox/carrier.py")
        for name in VARIABLE.findall((BASE / file).read_text())
    }
    named = set(re.findall(r"`([A-Z][A-Z_]+)`", (BASE / "README.md").read_text()))
    assert "DATABASE_URL" in read
    assert read <= named, f"not in the README: {', '.join(sorted(read - named))}"


def test_the_guide_explains_every_reason_by_its_title() -> None:
    guide = (BASE / "docs" / "guide.md").read_text()
    for code, words in REASONS.items():
        assert f"{words.title} `{code}`" in guide
    for code in ("MISSING_PHONE_NUMBER", "PROMPT_ERROR", "UNKNOWN_OUTCOME"):
        assert f"{FAILURES[code].title} `{code}`" in guide
