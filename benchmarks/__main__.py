"""Every benchmark, each in a process of its own, and docs/benchmarks.md from what they found: `make bench`.

    python -m benchmarks              all of them
    python -m benchmarks drain ...    those named, into the same page (the others' last results are kept in var/)

BENCH_SMALL=1 takes small sizes and writes no page.
"""

import json
import os
import platform
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.stage import SMALL, Figure
from run import BASE

# Title → (module, the results it leaves, seconds it may take).
BENCHMARKS = {
    "Drain": ("drain", ("drain", "drain_snapshot"), 360),
    "Pacing at the carrier": ("pacing", ("pacing_200", "pacing_1000"), 210),
    "Status callbacks": ("callbacks", ("callbacks",), 120),
    "Conversation": ("conversation", ("conversation",), 300),
    "Decisions": ("decisions", ("decisions",), 60),
    "Launch forecast": ("forecast", ("forecast",), 180),
    "External list": ("lists", ("lists",), 900),
    "Import": ("imports", ("imports", "imports_sqlite"), 110),
    "Export": ("exports", ("exports",), 320),
    "Proof": ("proof", ("proof",), 240),
    "Recovery": ("recovery", ("recovery",), 240),
    "SQLite": ("sqlite", ("sqlite",), 240),
    "All together, and memory": ("together", ("together_postgresql", "together_sqlite"), 960),
}
PAGE = BASE / "docs" / "benchmarks.md"
CAUSES = BASE / "benchmarks" / "causes.md"


def machine() -> str:
    model = "unknown processor"
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            model = line.partition(":")[2].strip()
            break
    kilobytes = int(Path("/proc/meminfo").read_text().split()[1])
    return f"{os.cpu_count()} × {model}, {kilobytes / 1e6:.0f} GB, Python {platform.python_version()}, {system()}"


def system() -> str:
    from tests.postgres import binaries

    version = subprocess.run([binaries() / "postgres", "--version"], capture_output=True, text=True)
    return version.stdout.strip().removeprefix("postgres ").replace("(PostgreSQL)", "PostgreSQL")


def run(names: list[str], results: Path) -> list[str]:
    """Run the named benchmarks; those that failed."""
    failed = []
    for title, (module, _, limit) in BENCHMARKS.items():
        if names and module not in names:
            continue
        print(f"\n== {title}", flush=True)
        process = subprocess.Popen(
            [sys.executable, "-m", f"benchmarks.{module}"],
            cwd=BASE,
            env={**os.environ, "BENCH_RESULTS": str(results)},
        )
        try:
            code = process.wait(limit)
        except subprocess.TimeoutExpired:
            print(f"{module} took longer than {limit} s and was ended.", flush=True)
            process.terminate()
            process.wait(60)
            code = 1
        except KeyboardInterrupt:
            process.wait(60)
            raise
        if code:
            failed.append(module)
    return failed


def page(results: Path) -> str:
    """docs/benchmarks.md."""
    lines = [
        "# Benchmarks",
        "",
        "`make bench` measures this and writes the page; `make bench ONLY=drain` measures one part again. Each",
        "figure stands beside its raw limit, measured in the same run on the same machine: the machine's own speed",
        "varies from minute to minute, so the ratios say more than the figures. Load generator, database, carrier and",
        "product share the machine.",
        "",
        f"- Date: {datetime.now(UTC):%Y-%m-%d}; each part says when (UTC) and at what load average.",
        f"- Machine: {machine()}",
        "- PostgreSQL writes durably (fsync on); figures are medians unless they say otherwise.",
        "",
        "| what | target | measured | raw limit, same run | verdict |",
        "|---|---|---|---|---|",
    ]
    plans = ""
    for title, (_, names, _) in BENCHMARKS.items():
        measured = [path for name in names if (path := results / f"{name}.json").exists()]
        when = max((json.loads(path.read_text()).get("when", "") for path in measured), default="")
        lines.append(f"| **{title}** {when} | | | | |")
        for name in names:
            path = results / f"{name}.json"
            if not path.exists():
                lines.append(f"| {name} | | did not run | | |")
                continue
            found = json.loads(path.read_text())
            plans += found["plans"]
            for each in (Figure(**figure) for figure in found["figures"]):
                lines.append(
                    f"| {each.what} | {each.target} | {each.measured} | {each.limit} | {each.verdict} |"
                )
    lines += ["", CAUSES.read_text().strip()]
    if plans:
        lines += ["", "## The plan of every query of a tick", "", plans.strip()]
    return "\n".join(lines) + "\n"


def main() -> int:
    results = Path(os.environ.get("PARLEY_VAR", BASE / "var")) / "benchmarks"
    results.mkdir(parents=True, exist_ok=True)
    failed = run(sys.argv[1:], results)
    if not SMALL:
        PAGE.write_text(page(results))
        print(f"\nWritten to {PAGE.relative_to(BASE)}.")
    if failed:
        print(f"These failed: {', '.join(failed)}.", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
