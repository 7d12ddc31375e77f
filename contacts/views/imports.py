"""Importing a list: upload, choose the columns, watch, read the report."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render

from accounts import jobs, log
from accounts.access import LocationRequest, scoped
from accounts.files import no_room
from accounts.models import Role
from accounts.paging import keyset_page
from accounts.streams import file_download
from contacts import mapping, reading, statuses
from contacts.forms import MAX_UPLOAD, OptionsForm, UploadForm
from contacts.importing import preview
from contacts.models import ContactImport

log.register("contacts.import_started", "started to import {file}")
log.register(
    "contacts.import_vouched", "vouched for the wording on which the people of {file} agreed to calls"
)


def import_of(request: LocationRequest, code: str) -> ContactImport:
    return get_object_or_404(
        ContactImport.objects.filter(location=request.location).select_related(
            "location", "job", "created_by"
        ),
        code=code,
    )


@scoped()
def import_list(request: LocationRequest) -> HttpResponseBase:
    """Every list that was uploaded, newest first."""
    imports = ContactImport.objects.filter(location=request.location).select_related("job", "created_by")
    page = keyset_page(imports, request.GET, by="created_at", size=20)
    return render(request, "contacts/imports.html", {"page": page})


@scoped(Role.STAFF)
def upload(request: LocationRequest) -> HttpResponseBase:
    """Take a file and look at how it is made; nothing is imported yet."""
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            sheet = reading.examine(file)
        except reading.UnreadableError as error:
            form.add_error("file", str(error))
        else:
            contact_import = ContactImport(
                location=request.location,
                file_name=file.name[-255:],
                created_by=request.user,
                sheet=sheet.to_json(),
                mapping=_guessed(sheet),
            )
            file.seek(0)
            try:
                contact_import.file.save(f"{contact_import.code}.{sheet.kind}", file, save=False)
            except OSError as error:
                form.add_error("file", no_room(error, request.path))
            else:
                contact_import.save()
                return redirect("contacts:import", request.location.code, contact_import.code)
    context = {"form": form, "max_bytes": MAX_UPLOAD}
    return render(request, "contacts/upload.html", context, status=422 if form.errors else 200)


def _guessed(sheet: reading.Sheet) -> dict[str, int]:
    return mapping.guess(sheet.headers, [cells for _, cells in sheet.samples], sheet.has_header)


def _chosen(data: Any, headers: list[str]) -> tuple[dict[str, int], list[str]]:
    """The mapping that a form's selects say, and the fields that were chosen twice."""
    chosen: dict[str, int] = {}
    twice: list[str] = []
    for position, header in enumerate(headers):
        field = data.get(f"column-{position}", "")
        if field == "own":
            field = mapping.CUSTOM + header
        elif field not in mapping.FIELDS:
            continue
        if field in chosen:
            twice.append(mapping.FIELDS.get(field, header))
        chosen.setdefault(field, position)
    return chosen, twice


@scoped(Role.STAFF)
def choose_columns(request: LocationRequest, code: str) -> HttpResponseBase:
    """Say what each column is, see what will happen, start the import."""
    contact_import = import_of(request, code)
    if contact_import.job and not contact_import.job.came_to_nothing:
        return redirect("contacts:import_report", request.location.code, contact_import.code)
    problems: list[str] = []
    if request.method == "POST" and "read" in request.POST:
        problems = _read_again(contact_import, request.POST)
        if not problems:
            return redirect("contacts:import", request.location.code, contact_import.code)
    headers = contact_import.sheet["headers"]
    if request.method == "POST" and not problems:
        contact_import.mapping, twice = _chosen(request.POST, headers)
        problems = [f"{name} was chosen for two columns." for name in twice]
        problems += mapping.problems(contact_import.mapping, len(headers))
        form = OptionsForm(request.POST, location=request.location, mapping=contact_import.mapping)
        if form.is_valid() and not problems:
            contact_import.options = form.options().to_json()
            with transaction.atomic():
                contact_import.job = jobs.start(
                    request.location,
                    "contact_import",
                    f"Import of {contact_import.file_name}"[:200],
                    created_by=request.user,
                    **{"import": contact_import.code},
                )
                contact_import.save()
                log.record(
                    request.location,
                    "contacts.import_started",
                    actor=request.user,
                    subject=contact_import,
                    file=contact_import.file_name,
                )
                if contact_import.options["vouched"]:
                    log.record(
                        request.location,
                        "contacts.import_vouched",
                        actor=request.user,
                        subject=contact_import,
                        file=contact_import.file_name,
                    )
            return redirect("contacts:import_report", request.location.code, contact_import.code)
        form.is_valid()
        contact_import.options = form.options().to_json()
    else:
        initial = {**contact_import.options, "tags": ", ".join(contact_import.options.get("tags", []))}
        form = OptionsForm(
            initial=initial if contact_import.options else None,
            location=request.location,
            mapping=contact_import.mapping,
        )
    context = {
        "contact_import": contact_import,
        "form": form,
        "problems": problems,
        "columns": mapping.columns_of(contact_import.sheet, contact_import.mapping),
        "fields": mapping.FIELDS,
        "encodings": reading.ENCODINGS,
        "delimiters": reading.DELIMITERS,
        **_previewed(contact_import, usable=not mapping.problems(contact_import.mapping, len(headers))),
    }
    wrong = bool(problems or form.errors)
    return render(request, "contacts/columns.html", context, status=422 if wrong else 200)


@scoped(Role.STAFF)
def preview_rows(request: LocationRequest, code: str) -> HttpResponseBase:
    """What would happen to the first rows with the columns as they are chosen now; nothing is saved."""
    contact_import = import_of(request, code)
    headers = contact_import.sheet["headers"]
    contact_import.mapping, twice = _chosen(request.POST, headers)
    form = OptionsForm(request.POST, location=request.location, mapping=contact_import.mapping)
    form.is_valid()
    contact_import.options = form.options().to_json()
    problems = [f"{name} was chosen for two columns." for name in twice]
    problems += mapping.problems(contact_import.mapping, len(headers))
    context = {
        "contact_import": contact_import,
        "preview_problems": problems,
        **_previewed(contact_import, usable=not problems),
    }
    return render(request, "contacts/_preview.html", context)


def _previewed(contact_import: ContactImport, *, usable: bool) -> dict[str, Any]:
    if not usable:
        return {"preview": [], "tally": {}}
    rows = preview(contact_import)
    tally = {
        key: (status, sum(row.outcome == key for row in rows)) for key, status in statuses.OUTCOMES.items()
    }
    # What needs a look comes first: rows left out, then rows with something left out, then the plain ones.
    rows.sort(key=lambda row: (row.outcome != "refuse", not row.words))
    return {
        "preview": [(row, statuses.OUTCOMES[row.outcome]) for row in rows[:50]],
        "tally": tally,
        "sampled": len(rows),
    }


def _read_again(contact_import: ContactImport, data: Any) -> list[str]:
    """Read the file with another encoding, separator or header row; what is wrong, in words."""
    encoding, delimiter = data.get("encoding", ""), data.get("delimiter", "")
    try:
        with contact_import.file.open("rb") as file:
            sheet = reading.examine(
                file,
                encoding=encoding if encoding in reading.ENCODINGS else "",
                delimiter=delimiter if delimiter in reading.DELIMITERS else "",
                has_header=data.get("has_header") == "on",
            )
    except reading.UnreadableError as error:
        return [str(error)]
    contact_import.sheet = sheet.to_json()
    contact_import.mapping = _guessed(sheet)
    contact_import.save(update_fields=["sheet", "mapping"])
    return []


@scoped()
def report(request: LocationRequest, code: str) -> HttpResponseBase:
    """How the import goes, and when it is done, what became of every row."""
    contact_import = import_of(request, code)
    job = contact_import.job
    if job is None:
        if not request.member.may(Role.STAFF):
            raise Http404("This list was not imported yet")
        return redirect("contacts:import", request.location.code, code)
    context = {"contact_import": contact_import, "job": job, "counts": contact_import.counts}
    return render(request, "contacts/_report.html" if request.htmx else "contacts/report.html", context)


@scoped()
def refused_rows(request: LocationRequest, code: str) -> HttpResponseBase:
    """The rows that were not imported, each with its number, the reason and its cells."""
    contact_import = import_of(request, code)
    if not contact_import.refused_file:
        raise Http404("No row of this list was refused")
    return file_download(
        request,
        contact_import.refused_file,
        name=f"refused rows of {contact_import.file_name.rsplit('.', 1)[0]}.csv",
        content_type="text/csv; charset=utf-8",
    )


@scoped(Role.STAFF)
def discard(request: LocationRequest, code: str) -> HttpResponseBase:
    """Throw an uploaded list away that was not imported."""
    contact_import = import_of(request, code)
    if request.method == "POST" and contact_import.job is None:
        contact_import.file.delete(save=False)
        contact_import.delete()
        messages.success(request, f"{contact_import.file_name} was discarded; no contact was changed.")
    return redirect("contacts:imports", request.location.code)
