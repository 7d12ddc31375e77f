"""Uploading a list in a test, as the pages do it."""

import json
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile

from accounts import jobs
from accounts.models import Job, Location
from contacts import mapping, reading
from contacts.models import ContactImport
from contacts.rows import Options

DATA = Path(__file__).parent / "data"
EVIDENCE = "Signed intake forms of 2026"


def upload(location: Location, content: bytes, name: str = "list.csv", **options: Any) -> ContactImport:
    """An uploaded list with the mapping that was guessed."""
    contact_import = ContactImport(location=location, file_name=name)
    contact_import.file.save(name, ContentFile(content), save=False)
    with contact_import.file.open("rb") as file:
        sheet = reading.examine(file)
    contact_import.sheet = sheet.to_json()
    contact_import.mapping = mapping.guess(
        sheet.headers, [cells for _, cells in sheet.samples], sheet.has_header
    )
    contact_import.options = Options(**{"evidence": EVIDENCE, **options}).to_json()
    contact_import.save()
    return contact_import


def run(contact_import: ContactImport) -> Job:
    """The import done by its job, as a worker does it."""
    job = Job.objects.create(
        location=contact_import.location,
        kind="contact_import",
        title=f"Import {contact_import.file_name}",
        parameters={"import": contact_import.code},
    )
    jobs.run(job.pk)
    job.refresh_from_db()
    contact_import.refresh_from_db()
    return job


def expected() -> dict[str, int]:
    return json.loads((DATA / "contacts.expected.json").read_text())
