"""Liquid written by strangers: what it may read, what it may cost, and how its faults are explained."""

import contextlib
import re
import time
import tracemalloc
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories import AgentFactory, ContactFactory
from voiceagents import briefs
from voiceagents.models import PromptTemplate
from voiceagents.templating import OUTPUT_LIMIT, TemplateError, is_certain, render


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
        ("a\nb {{ 'x' | shout }}", 2, "There is no filter named shout."),
        ("a\n\n{% if contact %}\nb", 4, "write {% endif %} where it is over"),
        ("{% include 'secrets' %}", 1, "cannot include"),
        ("{{ contact.first_name", 1, ""),
    ],
)
def test_a_fault_names_its_line(body: str, line: int, words: str) -> None:
    with pytest.raises(TemplateError) as caught:
        render(body, {})
    assert caught.value.line == line
    assert words in str(caught.value)


MANY = "".join(chr(0x4E00 + n) for n in range(1500))
BOMBS = {
    "loops": "{% for a in (1..100000) %}{% for b in (1..100000) %}x{% endfor %}{% endfor %}",
    "doubling": "{% assign x = 'ab' %}{% for i in (1..400) %}{% assign x = x | append: x %}{% endfor %}{{ x }}",
    "replace": "{{ 'aaaaaaaaaa' " + "| replace: 'a', 'aaaaaaaaaaaaaaaaaaaa' " * 12 + "}}",
    "numbers": "{{ 99999999999999999 " + "| times: 99999999999999999 " * 500 + "}}",
    "digits": "{{ " + "9" * 15_000 + " }}",
    "long": "x" * (OUTPUT_LIMIT + 1),
    "nesting": "{% if true %}" * 200 + "{% endif %}" * 200,
    "brackets": "{{ a" + "[a" * 3000 + "]" * 3000 + " }}",
    "lists": "{% assign a = 'a b c' | split: ' ' %}" + "{% assign a = a | concat: a %}" * 60,
    "date": "{{ 'now' | date: '" + "%c" * 9000 + "' }}",
    "table": "{% tablerow i in (1..1900) %}{% for j in (1..1900) %}{% endfor %}{% endtablerow %}",
    # Ranges that no loop limit sees.
    "joined": "{{ (1..1000000000) | join: ',' }}",
    "skipped": "{% for i in (1..100000000000) limit: 5 offset: 99999999 %}{{ i }}{% endfor %}",
    "turned around": "{% for i in (1..10000000000) reversed %}{{ i }}{% endfor %}",
    "searched": "{% if (1..10000000000) contains -1 %}x{% endif %}",
    "kept": "{% assign r = (1..1000000000) %}{{ r | last }}",
    # Small steps without end: the clock stops them.
    "empty branches": "{% for i in (1..1900) %}" + "{% if 1 %}{% endif %}" * 900 + "{% endfor %}",
    "values": "{% for i in (1..1900) %}" + "{{a}}" * 3900 + "{% endfor %}",
    "filters": f"{{% for i in (1..1900) %}}{{% assign b = '{MANY}' | split: '' | uniq | size %}}{{% endfor %}}",
    # What takes the square of its length to read.
    "open values": "{{" * 9000,
    "open tags": "{% a" * 4900,
    "blanks": "{{" + " " * 19_000 + "}}",
}


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS)
def test_a_bomb_is_refused_at_once(bomb: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("voiceagents.templating.SECONDS", 0.2)
    before = time.process_time()
    tracemalloc.start()
    try:
        with pytest.raises(TemplateError):
            render(bomb, {})
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert time.process_time() - before < 4  # fuses, not measurements
    assert most < 50_000_000


def test_what_one_template_spent_is_not_taken_from_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("voiceagents.templating.SECONDS", 0.05)
    for _ in range(2):
        with pytest.raises(TemplateError, match="does too much"):
            render(BOMBS["values"], {})
        assert render("{% for i in (1..3) %}{{ i }}{% endfor %}", {}) == "123"


def test_a_long_and_honest_prompt_is_rendered() -> None:
    body = "\n\n".join(
        f"{n}. Ask {{{{ contact.first_name | default: 'them' | capitalize }}}} about tooth {n}.{' ' * 40}"
        for n in range(150)
    )
    assert render(body, {"contact": {"first_name": "ann"}}).count("Ann") == 150


@pytest.mark.parametrize(
    "body",
    [
        "{{ contact.__class__ }}",
        "{{ contact['__class__'] }}",
        "{{ contact.keys }}{{ contact.items }}{{ contact.pop }}",
        "{{ contact['__init__'] }}",
        "{{ ''.__class__ }}{{ ''.format }}{{ 1.real }}",
        "{{ list | map: '__class__' }}{{ list | map: 'keys' }}",
        "{{ list | where: '__class__' }}",
        "{{ list | sort: '__class__' | size | minus: 1 }}{{ list.append }}",
        "{% assign name = '__class__' %}{{ contact[name] }}{{ contact[name].__mro__ }}",
        "{{ settings.SECRET_KEY }}{{ request.user }}{{ self }}{{ context }}{{ environment }}",
        "{{ forloop.parentloop.__class__ }}{{ list.first.__class__.__subclasses__ }}",
        "{{ 'os' | import }}{% import os %}{% render 'x' %}{% include 'x' %}{% extends 'x' %}",
    ],
)
def test_it_reaches_no_python(body: str) -> None:
    with contextlib.suppress(TemplateError):
        assert not re.search("class|object|method|function|built|[Ss]ecret", render(body, REACHED)), body


REACHED = {"contact": {"first_name": "Ann"}, "list": [{"a": 1}]}


def test_contact_data_is_never_a_template() -> None:
    assert (
        render("{{ contact.first_name }}", {"contact": {"first_name": "{{ call.context }}"}})
        == "{{ call.context }}"
    )


@given(st.text(alphabet="{}%| abcfori'\"()1.-=\n:", max_size=80))
def test_whatever_is_typed_it_renders_or_explains(body: str) -> None:
    with contextlib.suppress(TemplateError):
        assert isinstance(render(body, {"a": "b"}), str)


VALUES = st.sampled_from(
    ["a.b", "a['b c']", "a.b.first", "a.size", "a[0]", "c", "'x'", "nil", "empty", "true", "3"]
)
TESTS = st.builds("{} {} {}".format, VALUES, st.sampled_from(["==", "!=", "and", "or"]), VALUES)
FILTERS = st.sampled_from(
    ["", " | default: 'there'", " | capitalize", " | upcase | strip", " | default: a.b | downcase"]
)
PIECES = st.recursive(
    st.text(alphabet="ab \n", max_size=5) | st.builds("{{{{ {}{} }}}}".format, VALUES, FILTERS),
    lambda inner: st.one_of(
        st.builds(
            "{{% if {} %}}{}{{% elsif {} %}}{}{{% else %}}{}{{% endif %}}".format,
            TESTS,
            inner,
            TESTS,
            inner,
            inner,
        ),
        st.builds("{{% unless {} %}}{}{{% endunless %}}".format, TESTS, inner),
        st.builds(
            "{{% case {} %}}{{% when {} %}}{}{{% else %}}{}{{% endcase %}}".format,
            VALUES,
            VALUES,
            inner,
            inner,
        ),
        st.builds("{}{{% comment %}}x{{% endcomment %}}{}".format, inner, inner),
    ),
    max_leaves=8,
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["b", "b c", "first", "size"]), inner)
    ),
    max_leaves=6,
)


@given(PIECES, JSON, JSON)
def test_what_is_called_certain_is_rendered_whatever_the_data_are(body: str, a: Any, c: Any) -> None:
    assert is_certain(body)
    assert isinstance(render(body, {"a": a, "c": c}), str)


@pytest.mark.parametrize(
    ("body", "data"),
    [
        ("{% if a > 3 %}x{% endif %}", {"a": "many"}),
        ("{{ a | divided_by: b }}", {"a": 1, "b": 0}),
        ("{% case a %}{% when 1 %}{{ b | times: 2 | divided_by: c }}{% endcase %}", {"a": 1, "b": 1, "c": 0}),
        ("{% unless a %}{% for i in (1..b) %}{% endfor %}{% endunless %}", {"b": 9_999}),
        ("{{ a | default: 'x' | slice: b }}", {"a": "abc", "b": "x"}),
        ("{{ a | no_such_filter }}", {}),
        ("{{ a ", {}),
    ],
)
def test_what_data_can_break_is_not_called_certain(body: str, data: dict[str, Any]) -> None:
    assert not is_certain(body)
    with pytest.raises(TemplateError):
        render(body, data)


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
        page_code="k7m2p9abcdef",
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
            page_code="",
        )
