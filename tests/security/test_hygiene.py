"""What the repository itself must not contain: unpinned packages, outside addresses in pages, traces of a machine."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TEXT = {
    ".py",
    ".md",
    ".txt",
    ".in",
    ".toml",
    ".html",
    ".js",
    ".css",
    ".sh",
    ".yml",
    ".yaml",
    ".json",
    ".cfg",
    "",
}
# Names of files in which somebody else's words stand as they are.
VENDORED = "static/vendor/"


def files() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True
    ).stdout.decode()
    return [Path(name) for name in listed.split("\0") if name and (ROOT / name).is_file()]


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_requirement_is_pinned_with_its_hashes(name):
    text = re.sub(r"\s*\\\n\s*", " ", (ROOT / name).read_text())
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    assert lines
    for line in lines:
        assert re.match(
            r"[A-Za-z0-9._\[\],-]+==[\w.!+-]+( ;[^#]*)?( --hash=sha256:[0-9a-f]{64})+( *#.*)?$", line.strip()
        ), line


@pytest.mark.parametrize("name", ["requirements.in", "requirements-dev.in"])
def test_everything_wanted_is_locked(name):
    locked = {
        re.split(r"[=\[]", line)[0].lower().replace("_", "-")
        for line in (ROOT / name.replace(".in", ".txt")).read_text().splitlines()
        if "==" in line
    }
    for line in (ROOT / name).read_text().splitlines():
        wanted = re.match(r"[A-Za-z0-9._-]+", line)
        if wanted and not line.startswith(("-", "#")):
            assert wanted[0].lower().replace("_", "-") in locked, line


def test_no_page_or_script_of_ours_loads_from_elsewhere():
    loads = re.compile(
        r"""(?:src|href|action|hx-get|hx-post)\s*=\s*["']?\s*(?:https?:)?//|@import|url\(\s*["']?(?:https?:)?//"""
        r"""|\b(?:fetch|import|WebSocket|EventSource|open)\(\s*["'`](?:https?:|wss?:)?//""",
        re.IGNORECASE,
    )
    for path in files():
        if path.suffix in (".html", ".js", ".css", ".svg") and path.parts[0] in ("templates", "static"):
            if path.as_posix().startswith(VENDORED):
                continue
            text = (ROOT / path).read_text()
            assert not loads.search(text.replace("http://www.w3.org/2000/svg", "")), path


def test_no_vendored_script_evaluates_text_or_calls_home():
    for path in (ROOT / VENDORED).rglob("*.css"):
        assert not re.search(r"url\(\s*[\"']?(?:https?:)?//", path.read_text(errors="replace")), path


def test_no_file_names_a_package_registry_or_a_place_on_a_machine():
    # Spelled in pieces, so that this file does not name them either.
    forbidden = re.compile(
        "|".join([
            "index" + "-url", "extra" + "-index", "arti" + "factory", "nex" + "us[./-]repo", "pypi" + r"\.org",
            "files.python" + "hosted", r"(?<![\w./-])/wo" + r"rk/", r"(?<![\w./-])/ro" + r"ot/",
            r"(?<![\w./-])/ho" + r"me/\w",
        ])
    )  # fmt: skip
    for path in files():
        if path.suffix not in TEXT or path.as_posix().startswith(VENDORED):
            continue
        text = (ROOT / path).read_text(errors="replace").replace("--no-emit-index" + "-url", "")
        found = forbidden.search(text)
        assert not found, (path, found[0] if found else "")


def test_no_secret_is_in_the_repository():
    keys = re.compile(
        r"-----BEGIN [A-Z ]*PRIVATE KEY|sk-[A-Za-z0-9]{32,}|AKIA[0-9A-Z]{16}|gAAAAA[\w-]{80,}|ghp_\w{36}"
    )
    for path in files():
        if path.suffix in TEXT and not path.as_posix().startswith(VENDORED):
            assert not keys.search((ROOT / path).read_text(errors="replace")), path
    assert not [path for path in files() if path.name in (".env", "secret_key", "field_encryption_keys")]
    assert not [path for path in files() if path.parts[0] == "var"]
