"""Putting a whole list of numbers on the do-not-call list: upload, choose the columns, watch, read the report."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import Http404, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render

from accounts import jobs, log
from accounts.access import LocationRequest, scoped
from accounts.files import no_room
from accounts.models import Role
from accounts.paging import keyset_page
from accounts.streams import file_download
from compliance import donotcall_rows
from compliance.donotcall_importing import KIND, most_numbers, reader_for
from compliance.models import DoNotCallImport, Risk
from contacts import mapping, reading
from contacts.rows import Refusal

MAX_LIST = 50_000_000  # bytes; about a million numbers with their reasons
PREVIEWED = 20


class UploadForm(forms.Form):
    file = forms.FileField(
        label="File",
        help_text="CSV, plain text with one number a line, or Excel (.xlsx); up to 50 MB",
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx,text/csv,text/plain"}),
        error_messages={"required": "Choose a file.", "empty": "The file is empty."},
    )

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if file.size is not None and file.size > MAX_LIST:
            raise forms.ValidationError(
                f"The file has {file.size / 1e6:,.0f} MB; at most {MAX_LIST / 1e6:,.0f} MB can be taken. Nothing was "
                "kept. Split the list; a register of others belongs under External lists."
            )
        return file


class OptionsForm(forms.Form):
    """What holds for rows that do not say it themselves."""

    reason = forms.CharField(
        label="Reason",
        max_length=donotcall_rows.LONGEST_REASON,
        min_length=3,
        required=False,
        help_text="For rows without one of their own. For example “Opted out of our mailings before 2026”",
    )
    risk = forms.ChoiceField(
        label="Risk",
        choices=Risk.choices,
        initial=Risk.HIGH,
        help_text="For rows without one of their own. Every level blocks calls",
    )


def imports_of(request: LocationRequest) -> Any:
    """The lists that any location of the business uploaded, as the list they went onto is everybody's."""
    return DoNotCallImport.objects.filter(organization=request.location.organization).select_related(
        "location", "job", "created_by"
    )


@scoped()
def import_list(request: LocationRequest) -> HttpResponseBase:
    """Every list that was uploaded, newest first."""
    page = keyset_page(imports_of(request), request.GET, by="created_at", size=20)
    return render(request, "compliance/do_not_call_imports.html", {"page": page})


@scoped(Role.STAFF)
def upload(request: LocationRequest) -> HttpResponseBase:
    """Take a file and look at how it is made; no number is listed yet."""
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            sheet = reading.examine(file)
            of = DoNotCallImport(
                organization=request.location.organization,
                location=request.location,
                file_name=file.name[-255:],
                created_by=request.user,
                sheet=sheet.to_json(),
                mapping=donotcall_rows.guess(
                    sheet.headers, [cells for _, cells in sheet.samples], sheet.has_header
                ),
            )
            file.seek(0)
            of.file.save(f"{of.code}.{sheet.kind}", file, save=False)
        except reading.UnreadableError as error:
            form.add_error("file", str(error))
        except OSError as error:
            form.add_error("file", no_room(error, request.path))
        else:
            of.save()
            return redirect("compliance:do_not_call_import", request.location.code, of.code)
    context = {"form": form, "max_bytes": MAX_LIST, "most": most_numbers()}
    return render(request, "compliance/do_not_call_upload.html", context, status=422 if form.errors else 200)


@scoped(write=Role.STAFF)
def list_import(request: LocationRequest, code: str) -> HttpResponseBase:
    """Say what each column is, see the first rows as they will be listed, start; then the report."""
    of = get_object_or_404(imports_of(request), code=code)
    went_through = of.job is not None and not of.job.came_to_nothing
    if of.job is not None and (went_through or request.htmx):
        context = {"list_import": of, "job": of.job, "counts": of.counts}
        template = (
            "compliance/_do_not_call_report.html" if request.htmx else "compliance/do_not_call_report.html"
        )
        return render(request, template, context)
    if not request.member.may(Role.STAFF):
        raise Http404("This list was not loaded yet")
    looked_at = request.method == "POST"
    form = OptionsForm(request.POST if looked_at else of.options or None)
    problems: list[str] = []
    if looked_at:
        problems = _choose(of, request.POST)
        if "look" not in request.POST and not problems:
            _ask_for_reason(of, form)
        if form.is_valid() and not problems and "look" not in request.POST:
            _start(request, of, form.cleaned_data)
            return redirect("compliance:do_not_call_import", request.location.code, code)
    if form.is_bound and form.is_valid():
        of.options = donotcall_rows.Options(**form.cleaned_data).to_json()
    else:
        of.options = {}
    context = {
        "list_import": of,
        "form": form,
        "problems": problems,
        "columns": mapping.columns_of(of.sheet, of.mapping),
        "fields": donotcall_rows.FIELDS,
        "rows": [] if donotcall_rows.problems(of.mapping) else _preview(of),
    }
    wrong = looked_at and "look" not in request.POST
    return render(request, "compliance/do_not_call_columns.html", context, status=422 if wrong else 200)


def _choose(of: DoNotCallImport, data: Any) -> list[str]:
    """Take the columns that a form's selects say; what is wrong with them, in words."""
    chosen: dict[str, int] = {}
    twice = []
    for position in range(len(of.sheet["headers"])):
        field = data.get(f"column-{position}", "")
        if field in donotcall_rows.FIELDS:
            if field in chosen:
                twice.append(f"{donotcall_rows.FIELDS[field]} was chosen for two columns.")
            chosen.setdefault(field, position)
    of.mapping = chosen
    return twice + donotcall_rows.problems(chosen)


def _ask_for_reason(of: DoNotCallImport, form: OptionsForm) -> None:
    """A reason for all is asked for where a row has none of its own: of the first rows here, of all by the load."""
    if not form.is_valid() or form.cleaned_data["reason"]:
        return
    if "reason" not in of.mapping:
        form.add_error("reason", "No column holds reasons, so say here why these people are not called.")
        return
    reader = reader_for(of)
    for number, cells in reading.Sheet.from_json(of.sheet).samples:
        read = reader.read(reading.Row(number, cells))
        if not isinstance(read, Refusal) and not read[0].reason:
            form.add_error("reason", f"Row {number} has no reason of its own: say one for such rows.")
            return


def _start(request: LocationRequest, of: DoNotCallImport, options: dict[str, Any]) -> None:
    of.options = donotcall_rows.Options(**options).to_json()
    # The job and its reader work by the clock and country of this location.
    of.location = request.location
    with transaction.atomic():
        of.job = jobs.start(
            request.location,
            KIND,
            f"Do-not-call list {of.file_name}"[:200],
            created_by=request.user,
            **{"import": of.code},
        )
        of.save()
        log.record(
            request.location, "do_not_call.import_started", actor=request.user, subject=of, file=of.file_name
        )


def _preview(of: DoNotCallImport) -> list[dict[str, Any]]:
    """The first rows as they will be listed; those that will not, or not as written, come first."""
    sheet = reading.Sheet.from_json(of.sheet)
    reader = reader_for(of)
    read = [(cells, reader.read(reading.Row(number, cells))) for number, cells in sheet.samples]
    rows: list[dict[str, Any]] = []
    for cells, found in read:
        if isinstance(found, Refusal):
            rows.append({"cells": cells, "refusal": found})
        else:
            rows += [{"row": row, "risk": Risk(row.risk).label, "remarks": row.remarks} for row in found]
    rows.sort(key=lambda row: ("refusal" not in row, not row.get("remarks")))
    return rows[:PREVIEWED]


@scoped()
def refused_rows(request: LocationRequest, code: str) -> HttpResponseBase:
    """The rows that were not listed, each with its number, the reason and its cells."""
    of = get_object_or_404(imports_of(request), code=code)
    if not of.refused_file:
        raise Http404("No row of this list was refused")
    return file_download(
        request,
        of.refused_file,
        name=f"refused rows of {of.file_name.rsplit('.', 1)[0]}.csv",
        content_type="text/csv; charset=utf-8",
    )


@scoped(Role.STAFF)
def discard(request: LocationRequest, code: str) -> HttpResponseBase:
    """Throw an uploaded list away that was not put on the list."""
    of = get_object_or_404(imports_of(request), code=code)
    if request.method == "POST" and of.job is None:
        of.file.delete(save=False)
        of.delete()
        messages.success(request, f"{of.file_name} was discarded; no number was listed.")
    return redirect("compliance:do_not_call_imports", request.location.code)
