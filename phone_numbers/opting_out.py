"""An opt-out by text to one of our numbers: in force in the whole organization when the carrier is answered."""

from django.db.models import F
from django.utils import timezone

from compliance import ledger, public_links
from compliance.donotcall import E164
from compliance.models import ConsentSource, Risk
from compliance.optout import detect_optout
from contacts.models import Contact
from phone_numbers.models import PhoneNumber
from telephony import events, hooks, texts
from telephony.models import CarrierAccount, CarrierEvent, EventKind

QUOTED = 200  # characters of a text that the ledger quotes
_STOPPED = {
    "en": "{business}: we will not call or text you again. Who called you, and why: {page}",
    "es": "{business}: no volveremos a llamarle ni a escribirle. Quién le llamó y por qué: {page}",
}


@hooks.handles(EventKind.MESSAGE)
def take_text(event: CarrierEvent) -> str:
    """Read one text, in the transaction that keeps it; the answer to it, as TwiML.

    1. What comes from no phone number (a short code, a name) is kept as unknown.
    2. A wish to be left alone, in any words or reported by the carrier, is an opt-out of the sender's number in the
    account's organization, whichever of its locations has the number that was texted, and if none has it any more.
    3. START is kept in the ledger as consent to texts, which is none to calls and takes nothing back.
    Only an opt-out that is news is answered, once, and not where the carrier answers itself.
    """
    text = texts.read(event.body)
    organization = CarrierAccount.objects.select_related("organization").get(pk=event.account_id).organization
    number = (
        PhoneNumber.objects.filter(account_id=event.account_id, number=text.to)
        .select_related("location")
        # One that was given back may have been bought again: the row in use comes first.
        .order_by(F("released_at").desc(nulls_first=True))
        .first()
    )
    location = number.location if number else organization.locations.order_by("pk").first()
    is_number = bool(E164.fullmatch(text.sender))
    if number is None or not is_number:
        events.mark_unknown(event)
    if location is None or not is_number:
        return texts.answer()
    business = (number.brand_name if number else "") or organization.name
    contact = _contact(organization.pk, location.pk, text.sender)
    if text.opt_out_type == "STOP":
        wish, risk, source = True, Risk.HIGH, ConsentSource.PROVIDER
    else:
        found = detect_optout(text.words, "sms", contact.language if contact else "en")
        wish, source = found.stop_calling, ConsentSource.SMS_KEYWORD
        risk = Risk.HIGH if found.blacklist_risk == "high" else Risk.MEDIUM
    if wish:
        is_news = ledger.opt_out(
            organization=organization,
            phone=text.sender,
            location=location,
            source=source,
            evidence=f"Texted “{text.words[:QUOTED]}” to {text.to}",
            risk=risk,
            reason=f"The person texted “{text.words[:QUOTED]}”",
        )
        if is_news and not text.answered:
            spanish = (contact.language[:2] == "es") if contact else location.country == "ES"
            page = public_links.link(organization, text.sender)
            return texts.answer(_STOPPED["es" if spanish else "en"].format(business=business, page=page))
    elif text.starts and contact is not None:
        ledger.grant(
            contact=contact,
            source=ConsentSource.PROVIDER if text.opt_out_type else ConsentSource.SMS_KEYWORD,
            captured_at=timezone.now(),
            evidence=f"Texted “{text.words[:QUOTED]}” to {text.to}",
            channel="sms",
            seller=business[:120],
        )
    return texts.answer()


def _contact(organization_id: int, location_id: int, phone: str) -> Contact | None:
    """The contact with this number in the location, else in another one of the organization."""
    contacts = (
        Contact.objects.filter(location__organization=organization_id, phone=phone)
        .select_related("location")
        .order_by("pk")[:50]
    )
    here = [contact for contact in contacts if contact.location_id == location_id]
    return next(iter(here or contacts), None)
