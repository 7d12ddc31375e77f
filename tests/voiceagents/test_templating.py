"""Liquid written by strangers: what it may read, what it may cost, and how its faults are explained."""

import contextlib
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories import AgentFactory, ContactFactory
from voiceagents import briefs
from voiceagents.models import PromptTemplate
from voiceagents.templating import OUTPUT_LIMIT, TemplateError, render


def test_it_fills_in_and_leaves_the_unknown_empty() -> None:
    assert (
        render("Hi {{ contact.first_name }}{{ nobody.knows }}!", {"contact": {"first_name": "Ann"}})
        == "Hi Ann!"
    )


@pytest.mark.parametrize(
    ("kind", "text"), [("new", "Welcome"), ("first", "Hello again"), ("returning", "Good to hear you")]
)
def test_it_branches_on_the_contact_type(kind: str, text: str) -> None:
    body = (
        "{% case contact_type %}{% when 'new' %}Welcome{% when 'first' %}Hello again"
        "{% else %}Good to hear you{% endcase %}"
    )
    assert render(body, {"contact_type": kind}) == text


@pytest.mark.parametrize(
    ("body", "line", "words"),
    [
        ("a\nb {{ 'x' | shout }}", 2, "Unknown filter 'shout'"),
        ("a\n\n{% if contact %}\nb", 4, "Expected tag endif"),
        ("{% include 'secrets' %}", 1, "cannot include"),
        ("{{ contact.first_name", 1, ""),
    ],
)
def test_a_fault_names_its_line(body: str, line: int, words: str) -> None:
    with pytest.raises(TemplateError) as caught:
        render(body, {})
    assert caught.value.line == line
    assert words in str(caught.value)


@pytest.mark.parametrize(
    "bomb",
    [
        "{% for a in (1..100000) %}{% for b in (1..100000) %}x{% endfor %}{% endfor %}",
        "{% assign x = 'ab' %}{% for i in (1..400) %}{% assign x = x | append: x %}{% endfor %}{{ x }}",
        "{{ 'aaaaaaaaaa' " + "| replace: 'a', 'aaaaaaaaaaaaaaaaaaaa' " * 12 + "}}",
        "{{ (1..1000000000) | join: ',' }}",
        "{{ 99999999999999999 " + "| times: 99999999999999999 " * 500 + "}}",
        "x" * (OUTPUT_LIMIT + 1),
        "{% if true %}" * 200 + "{% endif %}" * 200,
    ],
    ids=["loops", "doubling", "replace", "range", "numbers", "long", "nesting"],
)
def test_a_bomb_is_refused_at_once(bomb: str) -> None:
    before = time.process_time()
    with pytest.raises(TemplateError):
        render(bomb, {})
    assert time.process_time() - before < 2  # a fuse, not a measurement


def test_it_reaches_no_python() -> None:
    for body in (
        "{{ contact.__class__ }}",
        "{{ contact.keys }}",
        "{{ contact['__init__'] }}",
        "{{ ''.__class__ }}",
    ):
        with contextlib.suppress(TemplateError):
            assert render(body, {"contact": {"first_name": "Ann"}}) == ""


def test_contact_data_is_never_a_template() -> None:
    assert (
        render("{{ contact.first_name }}", {"contact": {"first_name": "{{ call.context }}"}})
        == "{{ call.context }}"
    )


@given(st.text(alphabet="{}%| abcfori'\"()1.-=\n:", max_size=80))
def test_whatever_is_typed_it_renders_or_explains(body: str) -> None:
    with contextlib.suppress(TemplateError):
        assert isinstance(render(body, {"a": "b"}), str)


@pytest.mark.django_db
def test_a_brief_holds_all_a_brain_needs_as_json() -> None:
    import json

    contact = ContactFactory(first_name="Noah", fields={"pet": "Rex"}, language="en")
    agent = AgentFactory(
        location=contact.location, greeting="Hi {{ contact.first_name }}, how is {{ contact.fields.pet }}?"
    )
    template = PromptTemplate(
        name="t", body="Speak to {{ contact.name }}, a {{ contact_type }} contact of {{ business.name }}."
    )
    brief = briefs.build(
        agent=agent,
        contact=contact,
        contact_type="returning",
        zone="America/Denver",
        seller="Bright Smile LLC",
        callback_number="+13035550100",
        prompt_template=template,
        context="Spoke in May.",
        purpose="Check-up",
        is_test=True,
    )
    assert json.loads(json.dumps(brief)) == brief
    assert brief["agent"]["greeting"] == "Hi Noah, how is Rex?"
    assert brief["prompt"] == f"Speak to {contact.name}, a returning contact of Bright Smile Dental."
    assert brief["contact"]["contact_type"] == "returning"
    assert brief["is_test"] is True
    assert set(brief) == {
        "agent", "contact", "prompt", "context", "zone", "seller", "record", "callback_number", "purpose", "is_test",
    }  # fmt: skip


@pytest.mark.django_db
def test_a_broken_greeting_is_named_as_such() -> None:
    agent = AgentFactory(greeting="{{ 'a' | nope }}")
    with pytest.raises(TemplateError, match="greeting"):
        briefs.build(
            agent=agent,
            contact=ContactFactory(location=agent.location),
            contact_type="new",
            zone="UTC",
            seller="",
            callback_number="",
        )
