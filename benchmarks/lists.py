"""An external do-not-call list of 10,000,000 numbers: loaded, replaced, and asked about for 500 calls; on PostgreSQL.

The raw limit is the sorting of the file's lines alone: there is no way around it, and the numbers are stored packed.
"""

import os
import random
import subprocess
import tempfile
import time
from pathlib import Path

from benchmarks.stage import Figure, median, memory_over_base, postgresql, progress, report, scaled, seconds

NUMBERS = scaled(10_000_000, 100_000)
BATCH = 500
LOOK_UPS = 200


def write_list(path: Path) -> None:
    """Distinct American numbers, one a line, in no order: the worst case for the sorting."""
    draw = random.Random(7)
    step = 7_999_999_937  # a prime: multiples of it visit every remainder once
    with path.open("w") as file:
        for start in range(0, NUMBERS, 100_000):
            end = min(start + 100_000, NUMBERS)
            batch = [2_000_000_000 + n * 800_011 % step for n in range(start, end)]
            draw.shuffle(batch)
            file.write("".join([f"{number}\n" for number in batch]))


def load(of: object, path: Path, location: object) -> tuple[float, float]:
    """Seconds of the job and megabytes over base."""
    from django.core.files import File
    from django.core.files.uploadedfile import UploadedFile
    from django.utils import timezone

    from accounts import jobs
    from compliance import list_loading
    from compliance.models import ListEdition

    with path.open("rb") as raw:
        edition = list_loading.start(
            edition=ListEdition(list=of, as_of=timezone.now().date(), file_name=path.name),
            file=UploadedFile(File(raw), path.name, size=path.stat().st_size),
            location=location,
            actor=None,
        )
    with memory_over_base() as most:
        spent = seconds(lambda: jobs.run(edition.job.pk))
    edition.refresh_from_db()
    if edition.count != NUMBERS:
        raise AssertionError(f"{edition.count:,} numbers were loaded: {edition.job.error}")
    return spent, most[0]


def sort_alone(path: Path) -> float:
    """Seconds of sorting the same lines, each once, by the system's own program on one processor."""
    command = ["sort", "--unique", "--parallel=1", "--output", f"{path}.sorted", str(path)]
    return seconds(lambda: subprocess.run(command, check=True, env={**os.environ, "LC_ALL": "C"}))


def look_up(organization_id: int) -> float:
    """Median milliseconds of one question about 500 numbers, half of them listed."""
    from django.utils import timezone

    from compliance import list_numbers

    draw, times = random.Random(11), []
    for _ in range(LOOK_UPS):
        phones = {
            f"+1{2_000_000_000 + draw.randrange(NUMBERS) * 800_011 % 7_999_999_937}"
            for _ in range(BATCH // 2)
        }
        phones |= {f"+1{draw.randrange(2_000_000_000, 9_999_999_999)}" for _ in range(BATCH - len(phones))}
        began = time.perf_counter()
        found = list_numbers.look_up({(organization_id, phone) for phone in phones}, timezone.now())
        times.append((time.perf_counter() - began) * 1000)
        if len(found[organization_id][0].numbers) < BATCH // 2 - 2:
            raise AssertionError("listed numbers were not found")
    return median(times)


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="parley-list-") as folder, postgresql():
        from compliance import list_loading
        from compliance.models import ExternalList
        from tests.factories import LocationFactory

        path = Path(folder) / "list.txt"
        write_list(path)
        location = LocationFactory()
        of = ExternalList.objects.create(
            organization=location.organization, kind="national", country="US", name="Registry"
        )
        progress(f"{path.stat().st_size / 1e6:.0f} MB written")
        spent, most = load(of, path, location)
        raw = sort_alone(path)
        asked = look_up(location.organization_id)
        progress(f"loaded in {spent:.0f} s; replacing")
        again, most_again = load(of, path, location)
        cleared = seconds(list_loading.clear_numbers)
        after = look_up(location.organization_id)
    small = NUMBERS < 1_000_000
    report(
        "lists",
        [
            Figure(
                f"load of an external list of {NUMBERS:,} numbers, PostgreSQL",
                f"{spent:.0f} s ({NUMBERS / spent:,.0f} numbers/s)",
                f"sorting its lines alone {raw:.0f} s ({raw / spent:.0%})",
                "≤ 180 s",
                None if small else spent <= 180,
            ),
            Figure("the same in place of an edition as large", f"{again:.0f} s, then {cleared:.0f} s to clear the old"),
            Figure(
                "memory over base while it loads", f"{max(most, most_again):.0f} MB", "", "≤ 150 MB",
                max(most, most_again) <= 150,
            ),
            Figure(
                f"which of {BATCH} numbers are listed", f"{asked:.1f} ms; {after:.1f} ms after the replacement", "",
                "≤ 10 ms", asked <= 10 and after <= 10,
            ),
        ],
    )  # fmt: skip


if __name__ == "__main__":
    main()
