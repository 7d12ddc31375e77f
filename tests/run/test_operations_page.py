"""What the log can say in trouble stands on the operator's page."""

import re
from pathlib import Path

from run import BASE

OTHERS = ("tests", "benchmarks", "sandbox", ".venv", "var")
LINE = re.compile(r'log\.(?:warning|error|exception)\(\s*"(\w+)"(?: if .*? else "(\w+)")?')


def events() -> set[str]:
    sources = (path for path in BASE.rglob("*.py") if path.relative_to(BASE).parts[0] not in OTHERS)
    found = (match.groups() for path in sources for match in LINE.finditer(Path(path).read_text()))
    return {name for names in found for name in names if name}


def test_every_warning_and_error_is_explained():
    page = (BASE / "docs" / "operations.md").read_text()
    assert len(events()) > 20
    assert sorted(name for name in events() if f"`{name}`" not in page) == []
