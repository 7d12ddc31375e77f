"""What a form lets one choose belongs to the form's location: another location's code or name is no choice."""

import ast
import re
from collections.abc import Iterator

import pytest
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.test import Client
from django.urls import reverse

from accounts.fields import new_code
from accounts.models import Role
from compliance.forms import ConsentForm
from contacts.forms import OptionsForm
from contacts.models import Contact
from dialer.filters import CallFilter
from dialer.forms import CampaignForm, PlaceCallForm
from dialer.models import Call
from dialer.states import State
from phone_numbers.forms import OrderForm, SearchForm
from tests.security.routes import OF_A_LOCATION
from tests.security.test_urls import address, undone
from tests.security.worlds import OF_THE_BUSINESS, Two, World, everything
from voiceagents.forms import AgentForm

pytestmark = pytest.mark.django_db
PRODUCT = (
    "accounts",
    "contacts",
    "compliance",
    "telephony",
    "phone_numbers",
    "voiceagents",
    "dialer",
    "dashboards",
)
# What each choosing form's fields name; a form with a choice that is missing here fails the suite.
CHOICES = {
    CampaignForm: {
        "agent": "agent", "test_agent": "agent", "prompt_template": "template", "phone_number": "number",
        "tags_any": "tag", "tags_none": "tag",
    },
    AgentForm: {"endpoint": "endpoint", "phone_number": "number"},
    PlaceCallForm: {"agent": "agent"},
    OrderForm: {"account": "account"},
    SearchForm: {"account": "account"},
    ConsentForm: {"form": "form"},
    OptionsForm: {"form": "form"},
}  # fmt: skip


def kinds_of_form(form: type = forms.BaseForm) -> Iterator[type]:
    for kind in form.__subclasses__():
        yield from kinds_of_form(kind)
        if kind.__module__.split(".")[0] in PRODUCT:
            yield kind


def made(kind: type, world: World) -> forms.BaseForm:
    if kind in (OrderForm, SearchForm):
        return kind(QueryDict("kind=local"), location=world.location)
    if kind is OptionsForm:
        return kind(location=world.location, mapping={})
    if kind is ConsentForm:
        return kind(location=world.location, contact=world.things["contact"])
    return kind(location=world.location)


def test_every_form_that_offers_rows_is_listed():
    for kind in set(kinds_of_form()):
        offers = {name for name, f in kind.base_fields.items() if isinstance(f, forms.ModelChoiceField)}
        assert not offers or kind in CHOICES, kind
        assert offers <= set(CHOICES.get(kind, {})), kind


@pytest.mark.parametrize("kind", CHOICES, ids=lambda kind: kind.__name__)
def test_another_locations_rows_are_no_choice(two: Two, kind: type):
    form = made(kind, two.ours)
    for name, of in CHOICES[kind].items():
        field = form.fields[name]
        many = isinstance(field, forms.ModelMultipleChoiceField)

        def choose(world: World, field=field, of=of, many=many) -> object:
            thing = world.things[of]
            key = str(getattr(thing, field.to_field_name or "pk"))
            return field.clean([key] if many else key)

        assert choose(two.ours)
        for world in (two.stranger,) if of == "account" else (two.sister, two.stranger):
            with pytest.raises(ValidationError):
                choose(world)


def test_the_logs_filters_name_our_own_rows_only(two: Two):
    for name, of in (("campaign", "campaign"), ("agent", "agent")):
        for world in (two.sister, two.stranger):
            chosen = CallFilter({name: world.name_of(of)}, location=two.ours.location)
            assert not chosen.form.is_valid()
        answer = two.ours.client(Role.VIEWER).get(
            reverse("dialer:calls_export", args=[two.ours.location.code]), {name: two.stranger.name_of(of)}
        )
        assert answer.status_code == 404


def test_forms_with_foreign_codes_change_nothing(two: Two):
    """The same through the pages, with everything else right."""
    here, client = two.ours.location.code, two.ours.client(Role.OWNER)
    theirs = two.stranger
    posts = {
        reverse("dialer:campaign_new", args=[here]): {"name": "New", "agent": theirs.name_of("agent")},
        reverse("dialer:place_call", args=[here, two.ours.name_of("contact")]): {"agent": theirs.name_of("agent")},
        reverse("phone_numbers:buy", args=[here]): {"account": theirs.name_of("account"), "number": "+13035550199"},
        reverse("phone_numbers:import", args=[here]): {"account": theirs.name_of("account"), "number": "+13035550199"},
        reverse("contacts:bulk", args=[here]): {
            "action": "do_not_call", "contact": theirs.name_of("contact"), "detail": "They asked for it in writing",
            "confirmed": "1",
        },
        reverse("voiceagents:autosave", args=[here, two.ours.name_of("agent")]): {
            "phone_number": theirs.name_of("number"), "endpoint": theirs.name_of("endpoint"),
        },
    }  # fmt: skip
    before = everything()
    for url, data in posts.items():
        assert client.post(url, data).status_code in (302, 404, 422), url
    assert everything() == before


def test_exports_hold_rows_of_one_location_only(two: Two):
    theirs = [two.sister, two.stranger]
    url = reverse("dialer:calls_export", args=[two.ours.location.code])
    answer = two.ours.client(Role.VIEWER).get(url, {"transcripts": "1"})
    text = b"".join(answer.streaming_content).decode()
    assert two.ours.name_of("call") in text
    for world in theirs:
        assert world.name_of("call") not in text
        assert world.things["contact"].phone not in text


def test_a_cursor_of_another_locations_list_leads_nowhere_else(two: Two):
    """Cursors carry an instant and a key; with them nobody pages into foreign rows."""
    client = two.ours.client(Role.VIEWER)
    for name in ("contacts:list", "accounts:history", "accounts:jobs", "compliance:ledger", "dialer:calls"):
        for cursor in ("x", "MjAyNi0xMS0yMVQwMDowMDowMCswMDowMCAx", two.stranger.name_of("call")):
            for key in ("after", "before"):
                answer = client.get(reverse(name, args=[two.ours.location.code]), {key: cursor})
                assert answer.status_code == 200
                assert two.stranger.things["contact"].phone not in answer.content.decode()


def test_the_same_number_in_two_businesses_stays_two_people(two: Two):
    contact = two.ours.things["contact"]
    twin = Contact.objects.create(location=two.stranger.location, phone=contact.phone, zones="America/Denver")
    url = reverse("compliance:contact_opt_out", args=[two.ours.location.code, contact.code])
    two.ours.client(Role.STAFF).post(url, {"out-reason": "Asked us to stop calling", "out-risk": "high"})
    contact.refresh_from_db()
    twin.refresh_from_db()
    assert contact.dnd_voice
    assert not twin.dnd_voice


# -- what views read without a form: a name that is in neither list fails the suite

# Codes of rows, by what the row is.
NAMING = {"account": "account", "agent": "agent", "after": "call", "contact": "contact"}
# Words, of which the view knows all that mean something, text that is shown or searched for, and the code that opens
# the public page to whoever was told it.
WORDS = {
    "AccountSid", "action", "body", "check", "code", "confirmed", "country", "detail", "done", "download", "kind",
    "lang", "look", "on", "q", "read", "reason", "result", "scope", "show", "state", "transcripts", "typed", "version",
}  # fmt: skip


def read_raw() -> set[str]:
    """The names under which the product's views read request.GET and request.POST themselves."""
    found = set()
    for app in PRODUCT:
        for file in (settings.BASE_DIR / app).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text())):
                match node:
                    case ast.Call(func=ast.Attribute(value=of, attr="get" | "getlist"), args=[key, *_]):
                        pass
                    case ast.Subscript(value=of, slice=key):
                        pass
                    case ast.Compare(left=key, ops=[ast.In() | ast.NotIn()], comparators=[of]):
                        pass
                    case _:
                        continue
                match of, key:
                    case ast.Attribute(value=ast.Name("request"), attr="GET" | "POST"), ast.Constant(
                        str(name)
                    ):
                        found.add(name)
    return found


def test_every_parameter_that_is_read_without_a_form_is_listed():
    assert read_raw() == WORDS | set(NAMING)


def test_no_page_follows_a_parameter_into_another_location(two: Two):
    """The sister's rows are of the same business, so only the location keeps them out; accounts are the business's."""
    theirs = {
        name: (two.stranger if name == "account" else two.sister).things[of] for name, of in NAMING.items()
    }
    for name, thing in theirs.items():
        shown = {"contact": "first_name", "after": "phone"}.get(name, "name")
        type(thing).objects.filter(pk=thing.pk).update(**{shown: "+19995550199"})
    client, before = two.ours.client(Role.OWNER), everything()
    for route in OF_A_LOCATION:
        if route.get is not None:
            answer = client.get(
                address(route, two.ours), {name: thing.code for name, thing in theirs.items()}
            )
            said = b"".join(answer.streaming_content) if answer.streaming else answer.content
            assert answer.status_code < 500, route
            assert b"9995550199" not in said, route
            assert b"999-555-0199" not in said, route
    assert everything() == before


BULK = {"action": "do_not_call", "detail": "They asked for it in writing", "confirmed": "1"}
# Where each of NAMING names a row, pages before and after one included: method, address, what else is sent.
TRIED = [
    ("post", "contacts:bulk", BULK, "contact", "contact"),
    ("get", "phone_numbers:import", {}, "account", "account"),
    ("get", "dialer:scheduled", {}, "agent", "agent"),
    ("get", "dialer:scheduled", {}, "after", "call"),
    *(("get", "dialer:calls", {}, name, "call") for name in ("after", "before")),
    *(("get", "dialer:campaigns", {}, name, "campaign") for name in ("after", "before")),
]


def answered(client: Client, method: str, url: str, sent: dict[str, str], name: str, code: str) -> tuple:
    """Status and text of the answer, whatever code was sent, and what it left in the database."""
    with undone():
        answer = getattr(client, method)(url, {**sent, name: code})
        # The form's token is another each time.
        text = re.sub(r"[A-Za-z0-9]{64}", "", answer.content.decode().replace(code, "CODE"))
        return answer.status_code, text, everything()


@pytest.mark.parametrize("case", TRIED, ids=lambda case: f"{case[1]}-{case[3]}")
def test_a_row_of_somebody_else_is_as_good_as_none(two: Two, case: tuple):
    """A code of another location is answered as one that no row has, in every word; our own is understood."""
    method, route, sent, name, kind = case
    Call.objects.update(state=State.SCHEDULED)
    url = address(next(each for each in OF_A_LOCATION if each.name == route), two.ours)
    client = two.ours.client(Role.OWNER)
    none = answered(client, method, url, sent, name, new_code())
    for world in [two.stranger] if kind in OF_THE_BUSINESS else [two.sister, two.stranger]:
        assert answered(client, method, url, sent, name, world.name_of(kind)) == none
    assert answered(client, method, url, sent, name, two.ours.name_of(kind)) != none
