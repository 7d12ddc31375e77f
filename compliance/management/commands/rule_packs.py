import json
from argparse import ArgumentParser
from datetime import date, timedelta
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.timezone import localdate

from compliance.packs import MARKS, RULE_PACKS, PackHours, RulePack
from compliance.schedules import schedule_json


class Command(BaseCommand):
    help = (
        "The rule packs of states and countries: what each says, where that stands, how long ago a person last "
        "compared it with its source, and since when it is applied."
    )
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="a JSON list, one pack a line")

    def handle(self, *args: Any, **options: Any) -> None:
        rows = [row(pack, localdate()) for _, pack in sorted(RULE_PACKS.items())]
        if options["json"]:
            self.stdout.write(
                "[\n" + ",\n".join(json.dumps(each, ensure_ascii=False) for each in rows) + "\n]"
            )
            return
        line = "{:<6} {:<15} {:<2} {:<11} {:>5}  {:<11} {}"
        self.stdout.write(
            line.format("Pack", "Where", "", "Checked on", "Days", "Applied from", "Law").rstrip()
        )
        for each in rows:
            self.stdout.write(
                line.format(
                    each["name"], each["title"], each["mark"], each["checked_on"], each["age_days"],
                    each["effective_from"], each["law"],
                )
            )  # fmt: skip
            if each["paraphrase"]:
                self.stdout.write(f"       {each['paraphrase']}")
            if each["quote"]:
                self.stdout.write(f"       “{each['quote']}”")
            self.stdout.write(f"       ({each['source']})")
        self.stdout.write("\n" + "\n".join(f"{mark}: {meaning}" for mark, meaning in MARKS.items()))
        self.stdout.write(_quoting(rows))


def _quoting(rows: list[dict[str, Any]]) -> str:
    without = [row["name"] for row in rows if not row["quote"]]
    said = f"{len(rows) - len(without)} of {len(rows)} packs quote their act."
    return f"{said} In our words alone: {', '.join(without)}." if without else said


def row(pack: RulePack, today: date) -> dict[str, Any]:
    """A pack as JSON. age_days: since a person last compared it with its source."""
    hours, origin = pack.hours, pack.origin
    assert isinstance(hours, PackHours)  # Packs of files have both.
    assert origin is not None
    written = schedule_json(hours)
    return {
        "name": pack.name,
        "title": origin.title,
        "law": origin.law,
        "source": origin.source,
        "quote": origin.quote or None,
        "paraphrase": origin.paraphrase or None,
        "language": origin.language,
        "mark": origin.mark,
        "checked_on": origin.checked_on.isoformat(),
        "age_days": (today - origin.checked_on).days,
        "effective_from": pack.effective_from.isoformat() if pack.effective_from else None,
        "tz": written["tz"],
        "days": written["days"],
        "holidays": [*hours.calendars, *hours.also],
        "list_days": pack.list_age.days if pack.list_age else None,
        "consent_days": pack.consent_age.days if pack.consent_age else None,
        "refusal_days": pack.refusal_pause.days if pack.refusal_pause else None,
        "caps": [{"calls": cap.calls, "hours": cap.period // timedelta(hours=1)} for cap in pack.caps],
    }
