"""The public page behind a signed link: who called, on what consent, and the button that stops it. No account."""

import re
from ipaddress import ip_address
from typing import Any
from zoneinfo import ZoneInfo

from allauth.account.adapter import get_adapter
from allauth.core.internal import ratelimit
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from compliance import ledger, public_links
from compliance.models import ConsentEntry, ConsentKind, ConsentSource, DoNotCallEntry, Risk
from contacts.models import Contact
from dialer.models import Call
from dialer.public_words import WORDS, day_words, masked

CALLS_SHOWN = 20
CONSENTS_SHOWN = 5
_UNSPOKEN = re.compile(r"[^\w.-]", re.ASCII)
THROTTLE = {"objection": "30/m/ip"}


@never_cache
@require_http_methods(["GET", "POST"])
def objection(request: HttpRequest, token: str) -> HttpResponse:
    """Show a called person what is on record of their number; a POST revokes every consent at once, again and again."""
    # allauth's public function counts no GET, and here a GET is the guess.
    if not ratelimit.consume(request, app="dialer", action="objection", config=THROTTLE, limit_get=True):
        return _said(request, "busy", 429, _language(request, ""))
    proof = public_links.read(token)
    if proof is None:
        return _said(request, "missing", 404, _language(request, ""))
    contacts = list(
        Contact.objects.filter(location__organization=proof.organization, phone=proof.phone)
        .select_related("location")
        .order_by("pk")[:50]
    )
    language = _language(request, next((each.language for each in contacts if each.language), ""))
    if request.method == "POST":
        location = contacts[0].location if contacts else proof.organization.locations.order_by("pk").first()
        if location is not None:
            ledger.opt_out(
                organization=proof.organization,
                phone=proof.phone,
                location=location,
                source=ConsentSource.WEB,
                evidence="Objected on the public page of the number",
                risk=Risk.HIGH,
                reason="The person objected on the public page.",
                url=request.build_absolute_uri(request.path),
                ip=_address(request),
                user_agent=request.headers.get("User-Agent", "")[:400],
            )
        return redirect(f"{request.path}?lang={language}")
    return _page(request, proof, contacts, language)


@never_cache
@require_http_methods(["GET"])
def enter(request: HttpRequest) -> HttpResponse:
    """Where somebody types the code that they were told: the address is dictated up to here, and then the code."""
    language = _language(request, "")
    # A whole address that was pasted is its last part.
    code = _UNSPOKEN.sub("", request.GET.get("code", "").rpartition("/")[2])[:200]
    if code:
        return redirect("public:objection", code)
    context = {"t": WORDS[language], "language": language, "other": "es" if language == "en" else "en"}
    return _answer(render(request, "dialer/public_enter.html", context))


def _page(
    request: HttpRequest, proof: public_links.Proof, contacts: list[Contact], language: str
) -> HttpResponse:
    zone = ZoneInfo(_zone_of(contacts) or "UTC")
    calls = (
        Call.objects.filter(contact__in=contacts, direction="outbound", started_at__isnull=False)
        .select_related("agent")
        .order_by("-pk")[:CALLS_SHOWN]
    )
    entries = ConsentEntry.objects.filter(organization=proof.organization, phone=proof.phone)
    granted = (
        entries.filter(kind=ConsentKind.GRANTED, channel__in=ledger.VOICE)
        .select_related("form_version")
        .order_by("-captured_at", "-pk")[:CONSENTS_SHOWN]
    )
    words = WORDS[language]
    context = {
        "t": words,
        "language": language,
        "other": "es" if language == "en" else "en",
        "business": proof.organization.name,
        "stop_note": words["stop_note"].format(business=proof.organization.name),
        "ending": proof.phone[-4:],
        "person": next((masked(str(each)) for each in contacts if each.first_name or each.last_name), ""),
        "calls": [
            {
                "business": call.agent.business_name or proof.organization.name,
                "from": call.from_number,
                "when": day_words(call.started_at, zone, language, clock=True),
            }
            for call in calls
            if call.started_at
        ],
        "zone": zone.key,
        "consents": [_consent(entry, zone, language, proof.organization.name) for entry in granted],
        "stopped": _stopped(proof, entries, zone, language),
    }
    return _answer(render(request, "dialer/public.html", context))


def _consent(entry: ConsentEntry, zone: ZoneInfo, language: str, business: str) -> dict[str, Any]:
    text = entry.text or (entry.form_version.text if entry.form_version else "")
    return {
        "seller": entry.seller or business,
        "source": WORDS[language].get(f"source_{entry.source}", ""),
        "day": day_words(entry.captured_at, zone, language),
        "text": text[:4000],
        # The page of a recorded call is for staff.
        "page": "" if entry.in_a_call else entry.url,
    }


def _stopped(proof: public_links.Proof, entries: Any, zone: ZoneInfo, language: str) -> str:
    """Since when the number is not called any more, in words; "" while there is something to object to."""
    if (
        not DoNotCallEntry.objects.active()
        .filter(organization=proof.organization, phone=proof.phone)
        .exists()
    ):
        return ""
    words, business = WORDS[language], proof.organization.name
    revoked = entries.filter(kind=ConsentKind.REVOKED).order_by("-captured_at").first()
    if revoked is None:
        return words["stopped_now"].format(business=business)
    return words["stopped_note"].format(business=business, day=day_words(revoked.captured_at, zone, language))


def _zone_of(contacts: list[Contact]) -> str:
    for contact in contacts:
        return contact.timezone or next(iter(contact.zone_names), contact.location.timezone)
    return ""


def _language(request: HttpRequest, known: str) -> str:
    """The page's language: the one asked for, the contact's, or the browser's."""
    for wanted in (request.GET.get("lang", ""), known, request.headers.get("Accept-Language", "")):
        if wanted[:2].lower() in WORDS:
            return wanted[:2].lower()
    return "en"


def _address(request: HttpRequest) -> str | None:
    """The asker's address, as the throttle reads it; a proxy may have passed on something else."""
    try:
        return str(ip_address(get_adapter().get_client_ip(request)))
    except ValueError:
        return None


def _said(request: HttpRequest, key: str, status: int, language: str) -> HttpResponse:
    words = WORDS[language]
    context = {"t": words, "language": language, "title": words[f"{key}_title"], "said": words[key]}
    return _answer(render(request, "dialer/public_said.html", context, status=status))


def _answer(response: HttpResponse) -> HttpResponse:
    """Not for search engines, whoever links to it."""
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return response
