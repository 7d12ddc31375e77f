"""Template tags of every page: `{% load parley %}`. The components they render are in templates/components/.

Shown values: `{% icon "phone" %}` · `{% badge status %}` · `{% phone number %}` · `{% instant at their_zone=zone %}` ·
`{% dated at %}` ·
`{{ seconds|duration }}` · `{{ amount|money:"EUR" }}` · `{% job_row job %}` · `{{ "en-GB"|language_name }}` ·
`{{ "GB"|country_name }}` · `{{ sentence|numbers:location }}` ·
`{% filter sentence_case %}Recovery Codes{% endfilter %}`
Forms: `{% field form.name %}` · `{% checked_field form.name %}` · `{% form_fields form %}` · `{% form_errors form %}`
Pages: `{{ member|may:"manager" }}` · `{% query page=2 %}` · `{% url_if_any name as url %}` · `{% nav as sections %}`
"""

import re
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytz
from django import template
from django.forms import BaseForm, BoundField, widgets
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.html import conditional_escape, format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString, mark_safe

from accounts import formatting
from accounts.models import Job, Location, Member, Role
from accounts.nav import NAV
from accounts.statuses import JOB_STATUSES, STATUSES, Status

register = template.Library()

SPRITE = "vendor/tabler-icons-3.51.0/sprite.svg"


@register.simple_tag
def icon(name: str, classes: str = "") -> SafeString:
    """A Tabler icon of static/vendor/icons.txt; decorative, so say the same in words beside it or in a label."""
    return format_html(
        '<svg class="icon {}" width="24" height="24" aria-hidden="true" focusable="false">'
        '<use href="{}#{}"></use></svg>',
        classes,
        static(SPRITE),
        name,
    )


@register.inclusion_tag("components/badge.html")
def badge(status: Status | str | Any, label: str = "") -> dict[str, Any]:
    """A status in its colour, with its icon and word. `status`: a key of accounts.statuses.STATUSES, or anything with
    `label`, `icon` and `colour` (a Status, a choices member). `label` replaces the word, never the colour."""
    shown: Any = status if hasattr(status, "colour") else STATUSES[str(status)]
    return {"status": shown, "label": label or shown.label}


@register.inclusion_tag("components/phone.html", takes_context=True)
def phone(context: template.Context, number: object) -> dict[str, Any]:
    """A telephone number in national format (international when it is of another country than the location's); its
    E.164 form is what a copy takes, by button or by selection."""
    e164 = str(number or "")
    country = str(getattr(context.get("location"), "country", "") or "")
    return {"e164": e164, "shown": formatting.national(e164, country)}


@register.simple_tag(takes_context=True)
def instant(
    context: template.Context, at: datetime | None, their_zone: str = "", zone: str = ""
) -> SafeString:
    """`Tue 14:05 · their time 11:05`, zones on hover. `zone` defaults to the page's location, `their_zone` is the
    contact's; their time is left out when it reads the same. No space around it: a comma may follow."""
    if at is None:
        return mark_safe('<span class="text-secondary" aria-label="none">–</span>')
    zone = _zone(context, zone)
    theirs = formatting.their_clock(at, zone, their_zone) if their_zone else ""
    if theirs == f"{timezone.localtime(at, formatting.ZoneInfo(zone)):%H:%M}":
        theirs = ""
    return format_html(
        '<time class="instant" datetime="{}" title="{}">{}{}</time>',
        at.isoformat(timespec="seconds"),
        f"{zone} · theirs {their_zone}" if theirs else zone,
        formatting.clock(at, zone, timezone.now()),
        format_html(' <span class="text-secondary">· their time {}</span>', theirs) if theirs else "",
    )


@register.simple_tag(takes_context=True)
def dated(context: template.Context, at: datetime | None, zone: str = "") -> SafeString:
    """`14 Oct 2026 14:05`, its zone on hover: an instant of a record that is read years later."""
    if at is None:
        return mark_safe('<span class="text-secondary" aria-label="none">–</span>')
    zone = _zone(context, zone)
    return format_html(
        '<time class="instant" datetime="{}" title="{}">{}</time>',
        at.isoformat(timespec="seconds"),
        zone,
        formatting.dated(at, zone),
    )


def _zone(context: template.Context, zone: str) -> str:
    return str(
        zone or getattr(context.get("location"), "timezone", "") or timezone.get_current_timezone_name()
    )


@register.filter
def duration(length: timedelta | int | float | None) -> str:
    """Seconds or a timedelta as `12:05`."""
    return formatting.duration(length)


@register.filter
def money(amount: Decimal | None, currency: str = "USD") -> str:
    """A Decimal as `$1,234.50`; the argument is an ISO 4217 code."""
    return formatting.money(amount, currency)


@register.filter
def language_name(tag: str) -> str:
    """`en-GB` as `British English`, `es-US` as `Spanish (US)`; empty for no language."""
    return formatting.language(tag)


@register.filter
def country_name(code: object) -> str:
    """An ISO 3166 code as the country's English name."""
    return str(pytz.country_names.get(str(code), str(code)))


_TITLE_WORD = re.compile(r"(<[^>]*>)|(?<=[ -])([A-Z])(?=[a-z])")


@register.filter
def sentence_case(title: str) -> SafeString:
    """Markup whose words Begin Like This as `Markup whose words begin like this`; capitals of a name like TOTP stay."""
    markup = conditional_escape(title).strip()
    return mark_safe(_TITLE_WORD.sub(lambda found: found[1] or found[2].lower(), markup))


@register.filter
def numbers(sentence: str, location: Location) -> str:
    """A stored sentence with its E.164 numbers written as people of the location write them."""
    return formatting.with_national_numbers(sentence, str(location.country))


@register.filter
def may(member: Member | None, role: str) -> bool:
    """Whether the member may do what needs at least that role: `{% if member|may:"manager" %}`."""
    return member is not None and member.may(Role(role))


@register.inclusion_tag("components/field.html")
def field(bound: BoundField, label: str = "", **attrs: str) -> dict[str, Any]:
    """Label (the field's own unless given), widget in Tabler's classes, help and errors. Extra arguments become
    attributes of the widget, with `__` for a dash: `{% field form.name hx__post=url hx__trigger="change" %}`."""
    widget = bound.field.widget
    given: dict[str, str | bool] = {name.replace("__", "-"): value for name, value in attrs.items()}
    kind = "input"
    if isinstance(widget, widgets.CheckboxInput):
        kind, css = "check", "form-check-input"
    elif isinstance(widget, widgets.RadioSelect | widgets.CheckboxSelectMultiple):
        kind, css = "choices", "form-check-input"
    elif isinstance(widget, widgets.Select):
        css = "form-select"
    else:
        css = "form-control"
    own = widget.attrs.get("class", "")
    given["class"] = " ".join(part for part in (css, own, "is-invalid" if bound.errors else "") if part)
    return {
        "field": bound,
        "label": label or bound.label,
        "kind": kind,
        "widget": bound.as_widget(attrs=given),
        "css": given["class"],
    }


@register.inclusion_tag("components/field.html")
def checked_field(bound: BoundField, **attrs: str) -> dict[str, Any]:
    """A field that the server looks at as soon as it changes, and that is swapped for its answer."""
    checking = {
        "hx__post": f"?{urlencode({'check': bound.name})}",
        "hx__trigger": "change",
        "hx__target": f"#field-{bound.html_name}",
        "hx__swap": "outerHTML",
        "hx__include": "closest form",
        "data__quiet": "",
    }
    return field(bound, **(checking | attrs))


@register.inclusion_tag("components/form_fields.html")
def form_fields(form: BaseForm, checked: bool = False) -> dict[str, Any]:
    """All fields of a form, hidden ones too, without the error summary. checked: each is a checked_field."""
    return {"form": form, "checked": checked}


@register.inclusion_tag("components/form_errors.html")
def form_errors(form: BaseForm) -> dict[str, Any]:
    """What stops the form: the general errors and a link to each field that has one; nothing if it is fine."""
    wrong = [bound for bound in form if bound.errors]
    return {"form": form, "wrong": [(bound, _called(bound)) for bound in wrong]}


def _called(bound: BoundField) -> str:
    """A field's name at the head of what is wrong with it: its label, or the shorter one of a label that states."""
    name = str(getattr(bound.field, "short", bound.label))
    return name if name.endswith(("?", ".", "!")) else f"{name}:"


@register.inclusion_tag("components/job.html", takes_context=True)
def job_row(context: template.Context, job: Job) -> dict[str, Any]:
    """Long work as a row: progress, rate, time left, cancel, result file; refreshes itself until it is over."""
    elapsed = (job.ended_at or timezone.now()) - job.started_at if job.started_at else timedelta()
    rate, left = formatting.pace(job.done, job.total, elapsed)
    return {
        "job": job,
        "status": JOB_STATUSES[job.state],
        "rate": rate if job.started_at else None,
        "left": None if job.is_over else left,
        "elapsed": elapsed,
        "location": job.location,
        "member": context.get("member"),
        "csrf_token": context.get("csrf_token"),
    }


@register.simple_tag(takes_context=True)
def query(context: template.Context, **changes: object) -> str:
    """The page's own query string with some parameters changed (`None` drops one): `?{% query after=cursor %}`."""
    request: HttpRequest = context["request"]
    parameters = request.GET.copy()
    for name, value in changes.items():
        if value is None:
            parameters.pop(name, None)
        else:
            parameters[name] = str(value)
    return parameters.urlencode()


@register.simple_tag(takes_context=True)
def url_if_any(context: template.Context, name: str) -> str:
    """The address of a page of the current location, or empty when no such page is installed."""
    return location_url(name, current_location(context))


@register.simple_tag(takes_context=True)
def nav(context: template.Context) -> list[dict[str, Any]]:
    """The sidebar's entries for the current location, the one being looked at marked."""
    request = context.get("request")
    path = request.path if request else ""
    location = current_location(context)
    entries: list[dict[str, Any]] = []
    for section in NAV:
        url = location_url(section.url_name, location)
        if url:
            entries.append({"label": section.label, "icon": section.icon, "url": url})
    for tab in ("phone_numbers:carrier", "compliance:api_tokens"):
        # Tabs of Settings that other rooms serve.
        address = location_url(tab, location)
        if address and path.startswith(address):
            path = location_url("accounts:settings", location)
    # The longest address that begins the path is the section; Home begins all of them.
    here = max((e["url"] for e in entries if path.startswith(e["url"])), key=len, default=None)
    for entry in entries:
        entry["active"] = entry["url"] == here
    return entries


def current_location(context: template.Context) -> Location | None:
    """The page's location; on pages of a person's own account, the first one they belong to."""
    if location := context.get("location"):
        return location
    memberships = context.get("memberships")
    member = memberships.first() if memberships is not None else None
    return member.location if member else None


def location_url(name: str, location: Location | None) -> str:
    """Reverse `name` within the location, or without one; empty when the route does not exist."""
    for arguments in ({"location_code": location.code}, {}) if location else ({},):
        try:
            return reverse(name, kwargs=arguments)
        except NoReverseMatch:
            continue
    return ""
