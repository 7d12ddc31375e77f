"""The fields of the API's requests, and what is wrong with those that cannot be taken."""

import contextlib
import re
from datetime import UTC, datetime, time, timedelta
from typing import Any

from django import forms
from django.core.validators import URLValidator
from django.utils import timezone

from compliance.donotcall import E164
from compliance.ledger import Wording, hash_of
from compliance.opt_in import in_force, wording_under
from contacts.models import OptInForm, OptInVersion
from contacts.rows import NotANumberError, read_phone

# Clocks of other machines: so much ahead of ours is now.
AHEAD = timedelta(minutes=2)
_OLDEST = datetime(2000, 1, 1, tzinfo=UTC)
_LONGEST = timedelta(days=100 * 365)
_OFFSET = re.compile(r"(?:[zZ]|[+-]\d\d:?\d\d)$")


class PhoneField(forms.CharField):
    def clean(self, value: Any) -> str:
        phone = str(super().clean(value))
        if not E164.fullmatch(phone):
            raise forms.ValidationError("Write the number in E.164, such as +13035550142.")
        return phone


class InstantField(forms.CharField):
    """An ISO 8601 instant with its offset."""

    def clean(self, value: Any) -> datetime | None:
        said = str(super().clean(value))
        if not said:
            return None
        at = None
        with contextlib.suppress(ValueError):
            at = datetime.fromisoformat(said)
        if at is None or at.tzinfo is None or not _OFFSET.search(said):
            raise forms.ValidationError(
                "Write date, time and offset in ISO 8601, such as 2026-03-02T15:30:00Z."
            )
        return at


class OptOutForm(forms.Form):
    """Who does not want to be called; evidence: how the person said so."""

    phone = PhoneField(max_length=20)
    evidence = forms.CharField(max_length=1000, required=False)


class ConsentForm(forms.Form):
    """Consent that a person gave elsewhere, under the wording of one of the location's opt-in forms.

    The wording is named by its exact `text`, by the code of a `form` (with the number of a `version`), or by both.
    """

    phone = PhoneField(max_length=20)
    captured_at = InstantField(max_length=40)
    url = forms.CharField(max_length=2000, validators=[URLValidator(schemes=["https", "http"])])
    form = forms.CharField(max_length=12, required=False)
    version = forms.IntegerField(min_value=1, max_value=1_000_000, required=False)
    text = forms.CharField(max_length=OptInVersion.LONGEST, required=False, strip=False)
    ip = forms.GenericIPAddressField(required=False)
    user_agent = forms.CharField(max_length=500, required=False)
    evidence = forms.CharField(max_length=1000, required=False)
    expires_at = InstantField(max_length=40, required=False)
    first_name = forms.CharField(max_length=120, required=False)
    last_name = forms.CharField(max_length=120, required=False)

    def __init__(self, *args: Any, location: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.location = location

    def clean_phone(self) -> str:
        try:
            phone, self.cleaned_data["place"] = read_phone(self.cleaned_data["phone"], self.location.country)
        except NotANumberError as error:
            raise forms.ValidationError(f"{error}.") from None
        return phone

    def clean_captured_at(self) -> datetime:
        at, now = self.cleaned_data["captured_at"], timezone.now()
        if at > now + AHEAD:
            raise forms.ValidationError("This is in the future: consent is recorded after it was given.")
        if at < _OLDEST:
            raise forms.ValidationError("This is before the year 2000.")
        return min(at, now)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        captured, expires = data.get("captured_at"), data.get("expires_at")
        if expires and expires > timezone.now() + _LONGEST:
            self.add_error("expires_at", "This is too far away. Leave it out for consent without an end.")
        elif captured and expires and expires <= captured:
            self.add_error("expires_at", "The end must come after captured_at.")
        if captured and not self.errors:
            data["wording"] = self._wording(data, captured)
        return data

    def _wording(self, data: dict[str, Any], captured: datetime) -> Wording | None:
        """The wording that the person agreed to, with its newest scan; None when a field is wrong."""
        if not data["form"] and not data["text"].strip():
            self.add_error("text", "Send the exact text that the person agreed to, or the code of its form.")
            return None
        versions = OptInVersion.objects.filter(form__location=self.location).defer("text")
        if data["form"]:
            form = OptInForm.objects.filter(location=self.location, code=data["form"]).first()
            if form is None:
                self.add_error("form", "No opt-in form of this location has this code.")
                return None
            versions = versions.filter(form=form)
        elif data["version"]:
            self.add_error("form", "A version is one of a form: send the form's code as well.")
            return None
        if data["version"]:
            versions = versions.filter(number=data["version"])
        if data["text"].strip():
            text = data["text"].replace("\r\n", "\n")
            versions = versions.filter(text_hash__in={hash_of(text), hash_of(text.strip())})
        # A wording that is sent whole, or by its number, may have been typed in here after it had been in use.
        named = data["text"].strip() or data["version"]
        tomorrow = captured.astimezone(self.location.zone).date() + timedelta(days=1)
        until = None if named else datetime.combine(tomorrow, time(), self.location.zone)
        version = in_force(list(versions.order_by("created_at", "pk")), captured, until)
        if version is None and data["text"].strip():
            self.add_error(
                "text",
                "No opt-in form of this location has had exactly this wording. Add it under Compliance, Opt-in forms, "
                "where it is scanned, then send this again.",
            )
            return None
        if version is None and data["version"]:
            self.add_error("version", "The form has no such version.")
            return None
        if version is None:
            self.add_error(
                "captured_at",
                "The form was first written here after this. Send the exact text that the person agreed to.",
            )
            return None
        return wording_under(version.pk)
