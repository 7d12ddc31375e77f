"""What people text to our numbers: a wish to be left alone is in force at once, and is confirmed once."""

from urllib.parse import urlencode
from xml.etree.ElementTree import fromstring

import pytest
from django.test import Client
from twilio.request_validator import RequestValidator

from compliance import ledger
from compliance.models import ConsentEntry, ConsentKind, ConsentSource, DoNotCallEntry, Risk
from contacts.models import Contact
from dialer.models import Call
from phone_numbers import buying
from phone_numbers.models import PhoneNumber
from telephony import client, texts
from telephony.addresses import callback_url
from telephony.models import CarrierEvent
from telephony.signatures import forget_accounts
from tests.factories import CallFactory, ContactFactory, LocationFactory, PhoneNumberFactory
from tests.sandbox.conftest import Product

pytestmark = pytest.mark.django_db
PERSON = "+13035550142"


@pytest.fixture
def number() -> PhoneNumber:
    number = PhoneNumberFactory.create(brand_name="Bright Smile")
    forget_accounts()
    yield number
    forget_accounts()


def send(number: PhoneNumber, body: str, sid: str = "SM1", sender: str = PERSON, **more: str) -> str:
    """The words of the answer to a text that the carrier brings; "" where it is none."""
    sent = {
        "AccountSid": number.account.account_sid, "MessageSid": sid, "From": sender, "To": number.number, "Body": body,
        **more,
    }  # fmt: skip
    signed = RequestValidator(number.account.auth_token).compute_signature(callback_url("message"), sent)
    answer = Client().post(
        "/voice/message",
        urlencode(sent),
        content_type="application/x-www-form-urlencoded",
        headers={"X-Twilio-Signature": signed},
    )
    if answer.status_code == 204:
        return ""
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/xml")
    return "".join(fromstring(answer.content).itertext())


def everything_about(phone: str) -> tuple[int, int]:
    return (
        ConsentEntry.objects.filter(phone=phone, kind=ConsentKind.REVOKED).count(),
        DoNotCallEntry.objects.active().filter(phone=phone).count(),
    )


@pytest.mark.parametrize(
    ("words", "source", "risk", "type_"),
    [
        ("STOP", ConsentSource.SMS_KEYWORD, Risk.HIGH, ""),
        (" stop. ", ConsentSource.SMS_KEYWORD, Risk.HIGH, ""),
        ("BAJA", ConsentSource.SMS_KEYWORD, Risk.HIGH, ""),
        ("Please take me off your list", ConsentSource.SMS_KEYWORD, Risk.HIGH, ""),
        ("You have the wrong number", ConsentSource.SMS_KEYWORD, Risk.MEDIUM, ""),
        ("STOP", ConsentSource.PROVIDER, Risk.HIGH, "STOP"),
        ("ARRETEZ", ConsentSource.PROVIDER, Risk.HIGH, "STOP"),
    ],
)
def test_a_wish_to_be_left_alone_is_an_opt_out_of_every_location(number, words, source, risk, type_):
    here = ContactFactory.create(location=number.location, phone=PERSON)
    sister = LocationFactory.create(organization=number.location.organization)
    there = ContactFactory.create(location=sister, phone=PERSON)
    calls = [CallFactory.create(location=each.location, contact=each) for each in (here, there)]
    send(number, words, **({"OptOutType": type_} if type_ else {}))
    entries = ConsentEntry.objects.filter(kind=ConsentKind.REVOKED, source=source)
    assert {entry.contact_id for entry in entries} == {here.pk, there.pk}
    assert all(words.strip() in entry.evidence and number.number in entry.evidence for entry in entries)
    listed = DoNotCallEntry.objects.active().get(phone=PERSON)
    assert (listed.source, listed.risk) == (source, risk)
    assert set(Contact.objects.filter(phone=PERSON).values_list("dnd_voice", "dnd_sms")) == {(True, True)}
    assert set(Call.objects.filter(pk__in=[call.pk for call in calls]).values_list("state", flat=True)) == {
        "canceled"
    }


def test_the_opt_out_is_confirmed_once_with_the_business_and_the_page(number):
    answer = send(number, "no more calls please")
    assert answer.startswith("Bright Smile: we will not call or text you again.")
    page = answer.rsplit(" ", 1)[1]
    assert Client().get("/o/" + page.rsplit("/", 1)[1]).status_code == 200
    assert send(number, "no more calls please") == "", "the carrier brings the same text twice"
    assert send(number, "NO MORE CALLS", sid="SM2") == "", "the person writes again"
    assert everything_about(PERSON) == (1, 1)
    assert CarrierEvent.objects.get(body__MessageSid="SM1").deliveries == 2


def test_who_is_spoken_to_in_spanish_is_answered_in_spanish(number):
    ContactFactory.create(location=number.location, phone=PERSON, language="es")
    assert "no volveremos a llamarle" in send(number, "no me llame más")


@pytest.mark.parametrize(
    ("words", "more"),
    [("STOP", {}), ("Unsubscribe", {}), ("REVOKE", {}), ("No more", {"OptOutType": "STOP"})],
)
def test_where_the_carrier_answers_we_do_not(number, words, more):
    assert send(number, words, **more) == ""
    assert everything_about(PERSON) == (1, 1)


@pytest.mark.parametrize("words", ["HELP", "See you at nine", "don't stop calling me", "", "YES"])
def test_other_texts_change_nothing_and_are_kept(number, words):
    assert send(number, words) == ""
    assert everything_about(PERSON) == (0, 0)
    assert CarrierEvent.objects.get().known


@pytest.mark.parametrize(("words", "type_"), [("START", ""), ("unstop", ""), ("hola", "START")])
def test_start_is_consent_to_texts_and_takes_back_no_opt_out(number, words, type_):
    contact = ContactFactory.create(location=number.location, phone=PERSON)
    send(number, "STOP")
    send(number, words, sid="SM2", **({"OptOutType": type_} if type_ else {}))
    entry = ConsentEntry.objects.get(kind=ConsentKind.GRANTED, channel="sms")
    assert entry.source == (ConsentSource.PROVIDER if type_ else ConsentSource.SMS_KEYWORD)
    contact.refresh_from_db()
    assert contact.dnd_voice
    assert everything_about(PERSON) == (1, 1)
    assert ledger.standing([contact.pk], entry.captured_at)[contact.pk].opted_out_at is not None


def test_a_number_that_was_given_back_still_takes_opt_outs(number):
    PhoneNumber.objects.update(released_at=number.created_at)
    send(number, "stop calling me")
    assert everything_about(PERSON) == (1, 1)


def test_a_text_to_no_number_of_ours_is_an_opt_out_of_the_accounts_business_too(number):
    send(number, "stop calling me", To="+13035559999")
    assert DoNotCallEntry.objects.get().organization == number.location.organization
    assert not CarrierEvent.objects.get().known


@pytest.mark.parametrize("sender", ["22000", "Bank", "", "client:jo"])
def test_a_text_from_no_phone_number_is_kept_as_unknown(number, sender):
    assert send(number, "STOP", sender=sender) == ""
    assert not CarrierEvent.objects.get().known
    assert not DoNotCallEntry.objects.exists()


def test_on_whatsapp_nobody_answers_for_us(number):
    answer = send(number, "STOP", sender=f"whatsapp:{PERSON}", To=f"whatsapp:{number.number}")
    assert "we will not call" in answer
    assert everything_about(PERSON) == (1, 1)


def test_another_business_loses_nothing(number):
    other = ContactFactory.create(phone=PERSON)
    send(number, "STOP")
    other.refresh_from_db()
    assert not other.dnd_voice


def test_an_answer_is_well_formed_whatever_the_business_is_called():
    assert fromstring(texts.answer('A & B <"x">')).findtext("Message") == 'A & B <"x">'
    assert list(fromstring(texts.answer())) == []


# -- at the carrier


def test_a_bought_number_and_one_taken_over_send_their_texts_here(location, account, sandbox):
    sandbox.control("POST", "numbers", number="+13035550177", SmsUrl="http://127.0.0.1:1/elsewhere")
    bought = buying.buy(location, account, "+13035550150", name="", actor=None)
    taken = buying.take_over(location, account, "+13035550177", actor=None)
    told = {number.phone_number: number.sms_url for number in sandbox.client().incoming_phone_numbers.list()}
    assert set(told.values()) == {callback_url("message") + client.RETRIED}
    assert bought.hears_texts
    assert taken.hears_texts


def test_a_number_whose_carrier_could_not_be_told_is_bought_and_told_later(
    location, account, sandbox, settings
):
    sandbox.fault("rest_lost", operation="numbers.update", count=1)
    number = buying.buy(location, account, "+13035550150", name="", actor=None)
    assert number.carrier_sid
    assert not number.hears_texts
    assert buying.hear_texts_of_all() == 1
    assert buying.hear_texts_of_all() == 0, "it knows now"
    settings.PUBLIC_URL = "https://new.example"
    assert buying.hear_texts_of_all() == 1
    assert (
        sandbox.client()
        .incoming_phone_numbers.list()[0]
        .sms_url.startswith("https://new.example/voice/message")
    )


def test_a_text_through_the_carrier_reaches_us_and_its_answer_the_person(
    location, account, sandbox, settings
):
    """The sandbox's own delivery and signature, carried over by hand: the test's database is in its transaction."""
    product = Product()
    try:
        settings.PUBLIC_URL = product.url("")
        forget_accounts()
        number = buying.buy(location, account, "+13035550150", name="", actor=None)

        def answer(form: dict[str, str]) -> str:
            return texts.answer("Understood.")

        product.documents["/voice/message"] = answer
        sandbox.control("POST", "texts", **{"from": PERSON, "to": number.number, "body": "no más llamadas"})
        came = product.wait_request("/voice/message", Body="no más llamadas")
        assert came.valid
        sandbox.wait_for_log(lambda entry: entry["kind"] == "delivery" and entry.get("event") == "received")
        assert send(number, came.form["Body"], **{**came.form, "sid": came.form["MessageSid"]})
        assert everything_about(PERSON) == (1, 1)
    finally:
        product.close()
        forget_accounts()
