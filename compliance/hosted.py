"""The page on which anybody with its address agrees to be called: an opt-in form of ours, in its current wording.

It is open while the form is valid and agreed to by ticking a box, which is what the page shows. What is sent is
recorded under the version that the person read, or not at all.
"""

import re
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.core import ratelimit
from django import forms
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from compliance import ledger, opt_in
from compliance.models import ConsentSource, KycProfile
from contacts.models import Contact, OptInControl, OptInForm
from contacts.rows import NotANumberError, read_phone

WORDS = {
    "en": {
        "title": "Agree to calls", "first_name": "First name", "last_name": "Last name", "phone": "Phone number",
        "send": "Send", "unticked": "Tick the box if you agree; without it nothing is sent.",
        "number": "This is not a phone number that can be called. Write it with its area code.",
        "changed": "The wording changed while you were reading. Please read it again.",
        "named": "Write your name: it is kept with your agreement.", "privacy": "Privacy policy", "terms": "Terms",
        "thanks": "Thank you",
        "kept": "Your agreement was recorded. You can take it back at any time: on any call, say “stop calling” or "
        "press 9.",
        "closed": "This page is closed", "why": "Nothing can be agreed to here at the moment.",
    },
    "es": {
        "title": "Aceptar llamadas", "first_name": "Nombre", "last_name": "Apellidos", "phone": "Número de teléfono",
        "send": "Enviar", "unticked": "Marque la casilla si está de acuerdo; sin ella no se envía nada.",
        "number": "No es un número de teléfono al que se pueda llamar. Escríbalo con su prefijo.",
        "changed": "El texto ha cambiado mientras lo leía. Por favor, léalo de nuevo.",
        "named": "Escriba su nombre: se guarda con su consentimiento.", "privacy": "Política de privacidad",
        "terms": "Términos", "thanks": "Gracias",
        "kept": "Su consentimiento ha quedado registrado. Puede retirarlo en cualquier momento: en cualquier llamada, "
        "diga «no me llamen más» o pulse 9.",
        "closed": "Esta página está cerrada", "why": "En este momento no se puede aceptar nada aquí.",
    },
}  # fmt: skip


_DRAWN_BOX = re.compile(r"\s*(?:[☐□◻]|\[\s{0,3}\])\s*")


class AgreeForm(forms.Form):
    """What a person sends. `homepage` is left blank by people, who do not see it, and filled in by machines."""

    first_name = forms.CharField(max_length=120)
    last_name = forms.CharField(max_length=120, required=False)
    phone = forms.CharField(
        max_length=40, widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"})
    )
    agree = forms.BooleanField()
    version = forms.IntegerField(widget=forms.HiddenInput)
    homepage = forms.CharField(
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, form: OptInForm, words: dict[str, str], **kwargs: Any) -> None:
        assert form.current is not None
        super().__init__(*args, **{**kwargs, "initial": {"version": form.current.number}})
        self.country, self.words = form.location.country, words
        for name in ("first_name", "last_name", "phone"):
            self.fields[name].label = words[name]
        self.fields["agree"].error_messages["required"] = words["unticked"]
        self.fields["phone"].error_messages["required"] = words["number"]
        self.fields["first_name"].error_messages["required"] = words["named"]
        # The page has the box itself; one that is drawn in the wording would be a second, which nobody can tick.
        self.fields["agree"].label = _DRAWN_BOX.sub("", form.current.text)

    def clean_phone(self) -> str:
        try:
            phone, self.place = read_phone(self.cleaned_data["phone"], self.country)
        except NotANumberError:
            raise forms.ValidationError(self.words["number"]) from None
        return phone


def is_open(form: OptInForm) -> bool:
    return form.valid and form.current is not None and form.current.control == OptInControl.CHECKBOX


def address(form: OptInForm) -> str:
    """The page's address, for links and for the ledger."""
    return settings.PUBLIC_URL + reverse("agree", args=[form.public_code])


@never_cache
def agree(request: HttpRequest, public_code: str) -> HttpResponse:
    """Show the wording, and record the consent of whoever ticks the box."""
    form = get_object_or_404(
        OptInForm.objects.select_related("current", "location__organization"), public_code=public_code
    )
    if form.current is None:
        return HttpResponse(status=404)
    words = WORDS[form.current.language]
    business = KycProfile.objects.filter(location=form.location_id).first() or KycProfile(
        legal_name=form.location.organization.name
    )
    pages = {words["privacy"]: business.privacy_url, words["terms"]: business.terms_url}
    context: dict[str, Any] = {
        "version": form.current,
        "words": words,
        "state": "open",
        "business": business,
        # A draft keeps whatever was typed.
        "pages": {name: url for name, url in pages.items() if url.startswith("https://")},
    }
    if request.method == "POST":
        if not ratelimit.consume(request, action="opt_in", key=form.code):
            return ratelimit.respond_429(request)
        typed = AgreeForm(request.POST, form=form, words=words)
        if is_open(form) and typed.is_valid():
            if typed.cleaned_data["homepage"] or _record(request, form, typed):
                return redirect(f"{request.path}?done=1")
            form.refresh_from_db()
            typed = AgreeForm(form=form, words=words)
            context |= {"version": form.current, "note": words["changed"]}
    else:
        typed = AgreeForm(form=form, words=words)
    if request.GET.get("done"):
        context["state"] = "done"
    elif not is_open(form):
        context["state"] = "closed"
    status = {"closed": 404}.get(context["state"], 422 if typed.errors or context.get("note") else 200)
    response = render(request, "compliance/agree.html", {**context, "form": typed}, status=status)
    response["X-Robots-Tag"] = "noindex"
    return response


def _record(request: HttpRequest, form: OptInForm, typed: AgreeForm) -> bool:
    """Write contact and consent in one transaction; False when the wording is no longer the one that was read."""
    data = typed.cleaned_data
    with transaction.atomic():
        held = (
            OptInForm.objects.select_for_update(of=("self",))
            .select_related("current", "location__organization")
            .get(pk=form.pk)
        )
        if not is_open(held) or held.current is None or held.current.number != data["version"]:
            return False
        contact, is_new = Contact.objects.get_or_create(
            location=held.location,
            phone=data["phone"],
            defaults={
                "first_name": data["first_name"],
                "last_name": data["last_name"],
                "language": held.current.language,
                "region": typed.place.region or "",
                "number_kind": typed.place.kind,
                "zones": ",".join(typed.place.zones),
            },
        )
        said = f"{data['first_name']} {data['last_name']}".strip()
        # Another name on a known number is what a number that changed hands looks like.
        known = "" if is_new or contact.name in ("", said) else f"; the contact was known as {contact.name}"
        ledger.grant(
            contact=contact,
            source=ConsentSource.FORM,
            captured_at=timezone.now(),
            evidence=(
                f"{said} ticked the box on the hosted page of “{held.name}”, version {held.current.number}{known}"
            ),
            wording=opt_in.wording_of(held),
            url=address(held),
            ip=get_adapter().get_client_ip(request),
            user_agent=request.headers.get("User-Agent", "")[:500].replace("\x00", ""),
        )
    return True
