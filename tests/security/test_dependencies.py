"""What we build on, as far as it can be judged without asking anybody: `make audit` asks for known faults besides.

That every pin has its hashes stands in test_hygiene; `make lock` takes no release younger than a week, so that one put
there by a thief is found by others first.
"""

import ast
import re
import sys
from importlib.metadata import Distribution, distributions, packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PRODUCT = (
    "accounts", "compliance", "config", "contacts", "dashboards", "demo", "dialer", "phone_numbers", "sandbox",
    "telephony", "voiceagents", "manage.py", "run.py", "supervisor.py",
)  # fmt: skip
# Licences under which a business may run and change Parley without showing its own code to anybody.
FREE = {
    "0BSD", "Apache", "Apache-2.0", "BSD", "BSD-2-Clause", "BSD-3-Clause", "CNRI-Python", "ISC", "LGPL",
    "LGPL-3.0-only", "MIT", "MIT-0", "MPL-2.0", "PSF-2.0", "PSFL", "Python-2.0", "Zlib",
}  # fmt: skip
# As the authors write it: they have no one way.
SPELLINGS = {
    "Apache Software License": "Apache-2.0",
    "BSD License": "BSD",
    "GNU Lesser General Public License v2 or later (LGPLv2+)": "LGPL",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
}


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def pins(file: str) -> dict[str, str]:
    found = re.findall(r"^([\w.-]+)(?:\[[^\]]*\])?==([\w.!+-]+)", (ROOT / file).read_text(), re.MULTILINE)
    return {plain(name): version for name, version in found}


def wanted(file: str) -> set[str]:
    found = re.findall(r"^([A-Za-z][\w.-]*)", (ROOT / file).read_text(), re.MULTILINE)
    return {plain(name) for name in found}


INSTALLED = {plain(each.metadata["Name"]): each for each in distributions()}


def licences(of: Distribution) -> set[str]:
    """Every licence that the package is under, by its own word."""
    if expression := of.metadata.get("License-Expression"):
        return {
            word for word in re.split(r"[\s()]+", expression) if word and word not in ("AND", "OR", "WITH")
        }
    classified = {
        kind.rpartition(" :: ")[2]
        for kind in of.metadata.get_all("Classifier") or []
        if kind.startswith("License :: ") and not kind.endswith("Other/Proprietary License")
    }
    said = classified or {(of.metadata.get("License") or "nothing said").splitlines()[0]}
    return {SPELLINGS.get(each, each) for each in said}


@pytest.mark.parametrize("file", ["requirements.txt", "requirements-dev.txt"])
def test_what_is_installed_is_what_is_locked(file: str) -> None:
    locked = pins(file)
    assert len(locked) > 50
    other = {
        name: (INSTALLED[name].version, version)
        for name, version in locked.items()
        if name in INSTALLED and INSTALLED[name].version != version
    }
    assert not other, "installed, locked: run make again"


def test_nothing_is_installed_that_no_lock_names() -> None:
    """What slipped in by hand would be missing, or another, on the next machine."""
    came_with_python = {"pip", "setuptools", "wheel"}
    assert set(INSTALLED) - came_with_python <= set(pins("requirements.txt")) | set(
        pins("requirements-dev.txt")
    )


def test_both_locks_name_the_same_release() -> None:
    tools, product = pins("requirements-dev.txt"), pins("requirements.txt")
    assert not {name for name in tools.keys() & product.keys() if tools[name] != product[name]}


def test_nothing_comes_from_elsewhere_than_a_release() -> None:
    """No branch, archive or folder: their content changes under the same name."""
    for file in ("requirements.in", "requirements-dev.in", "requirements.txt", "requirements-dev.txt"):
        text = (ROOT / file).read_text()
        assert not re.search(r"(?m)^\s*(?:-e|--editable|\.|/|git\+)|@\s*(?:git\+|https?:|file:)|://", text), (
            file
        )


def test_the_product_imports_what_it_asks_for_by_name() -> None:
    """A package that is only there because another needs it may go, or be replaced, with any release of that other."""
    asked, providers = wanted("requirements.in"), packages_distributions()
    missing = {}
    for part in PRODUCT:
        for file in [ROOT / part] if part.endswith(".py") else (ROOT / part).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text())):
                names = (
                    [alias.name for alias in node.names]
                    if isinstance(node, ast.Import)
                    else [node.module or ""]
                    if isinstance(node, ast.ImportFrom) and not node.level
                    else []
                )
                for module in {name.partition(".")[0] for name in names} - set(sys.stdlib_module_names):
                    providing = {plain(name) for name in providers.get(module, ())}
                    if providing and not providing & asked:
                        missing[module] = str(file.relative_to(ROOT))
    assert missing == {}, "add it to requirements.in, then make lock"


def test_what_runs_in_production_is_under_a_licence_that_a_business_can_live_with() -> None:
    strange = {
        name: sorted(licences(INSTALLED[name]) - FREE)
        for name in pins("requirements.txt")
        if name in INSTALLED and licences(INSTALLED[name]) - FREE
    }
    assert strange == {}


def test_a_licence_that_asks_for_more_would_be_found() -> None:
    assert licences(INSTALLED["djlint"]) - FREE == {"GPL-3.0-or-later"}, "a tool of ours, never shipped"
