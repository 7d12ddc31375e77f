"""What goes out piece by piece: live parts, the CSV under ASGI, recordings."""

import base64

import pytest
from asgiref.sync import sync_to_async
from django.contrib.sessions.models import Session
from django.test import AsyncClient, Client, override_settings
from django.urls import reverse
from django.utils import timezone

from accounts import streams
from accounts.access import still_stands
from accounts.models import Location, Role, User
from compliance.models import Decision
from dialer.models import Attempt, AttemptState, Call
from dialer.states import State
from tests.factories import CallFactory, CampaignFactory, LocationFactory, MemberFactory
from voiceagents.models import Conversation, Turn

SOUND = b"RIFF" + bytes(range(256)) * 4


def member(location: Location, role: Role = Role.VIEWER) -> User:
    return MemberFactory(location=location, role=role).user


def talking() -> tuple[Location, User, Call]:
    location = LocationFactory()
    conversation = Conversation.objects.create(location=location, token="t", started_at=timezone.now())
    call = CallFactory(
        location=location, state=State.IN_PROGRESS, started_at=timezone.now(), conversation=conversation
    )
    return location, member(location), call


def say(call: Call, text: str) -> None:
    Turn.objects.create(
        conversation=call.conversation,
        position=call.conversation.turns.count(),
        speaker="contact",
        text=text,
        at=timezone.now(),
    )


@pytest.mark.django_db(transaction=True)
async def test_what_is_said_reaches_the_page_that_watches(monkeypatch):
    monkeypatch.setattr(streams, "EVERY_SECONDS", 0.01)
    location, user, call = await sync_to_async(talking)()
    client = AsyncClient()
    await client.aforce_login(user)
    response = await client.get(reverse("dialer:call_events", args=[location.code, call.code]))
    assert response.headers["Content-Type"] == "text/event-stream"
    heard = response.streaming_content.__aiter__()
    first = (await heard.__anext__()).decode()
    assert first.startswith("event: now\ndata: ")
    assert "Nothing was said yet" in first
    await sync_to_async(say)(call, "Who is this?\nevent: forged")
    second = (await heard.__anext__()).decode()
    assert "Who is this?" in second
    # Every line is data: nobody can speak an event of their own into the stream.
    assert all(line.startswith(("event: now", "data:")) or not line for line in second.split("\n"))
    await heard.aclose()


def sign_out(location: Location, user: User) -> None:
    Session.objects.all().delete()


def expire(location: Location, user: User) -> None:
    Session.objects.update(expire_date=timezone.now())


def deactivate(location: Location, user: User) -> None:
    User.objects.filter(pk=user.pk).update(is_active=False)


def remove(location: Location, user: User) -> None:
    location.members.all().delete()


def lower(location: Location, user: User) -> None:
    location.members.update(role=Role.STAFF)


def change_password(location: Location, user: User) -> None:
    user.set_password("another-horse-battery")
    user.save()


@pytest.mark.django_db(transaction=True)
async def test_what_is_said_reaches_nobody_whose_access_ended_meanwhile(monkeypatch):
    monkeypatch.setattr(streams, "EVERY_SECONDS", 0.01)
    monkeypatch.setattr(streams, "STREAM_SECONDS", 1)
    location, _, call = await sync_to_async(talking)()
    for end in (sign_out, expire, deactivate, remove, lower, change_password):
        user = await sync_to_async(member)(location, Role.MANAGER)
        client = AsyncClient()
        await client.aforce_login(user)
        response = await client.get(reverse("dialer:call_events", args=[location.code, call.code]))
        heard = response.streaming_content.__aiter__()
        await heard.__anext__()
        await sync_to_async(say)(call, f"Before: {end.__name__}")
        assert end.__name__ in (await heard.__anext__()).decode()
        await sync_to_async(end)(location, user)
        await sync_to_async(say)(call, f"After: {end.__name__}")
        assert [event async for event in heard] == [], end


@pytest.mark.django_db
def test_a_look_at_whether_access_stands_costs_one_query(django_assert_num_queries):
    location, user, call = talking()
    client = Client()
    client.force_login(user)
    request = client.get(reverse("dialer:call_now", args=[location.code, call.code])).wsgi_request
    with django_assert_num_queries(1):
        assert still_stands(request)


@pytest.mark.django_db(transaction=True)
async def test_a_stranger_watches_nothing():
    location, _, call = await sync_to_async(talking)()
    campaign = await sync_to_async(CampaignFactory)(location=location)
    client = AsyncClient()
    await client.aforce_login(await sync_to_async(member)(await sync_to_async(LocationFactory)()))
    for name, code in (("dialer:call_events", call.code), ("dialer:campaign_events", campaign.code)):
        assert (await client.get(reverse(name, args=[location.code, code]))).status_code == 404


@pytest.mark.django_db(transaction=True)
async def test_the_csv_goes_out_in_pieces_under_asgi(monkeypatch):
    monkeypatch.setattr("dialer.export.CHUNK", 2)
    monkeypatch.setattr("dialer.export.PIECE", 1)
    location, user, _ = await sync_to_async(talking)()
    await sync_to_async(CallFactory.create_batch)(4, location=location)
    client = AsyncClient()
    await client.aforce_login(user)
    response = await client.get(reverse("dialer:calls_export", args=[location.code]))
    assert response.is_async
    pieces = [piece async for piece in response.streaming_content]
    assert len(pieces) == 4
    assert len(b"".join(pieces).decode().splitlines()) == 6


@pytest.mark.django_db
def test_without_asynchronous_requests_there_is_no_stream_and_the_page_polls():
    location, user, call = talking()
    client = Client()
    client.force_login(user)
    assert client.get(reverse("dialer:call_events", args=[location.code, call.code])).status_code == 204
    assert client.get(reverse("dialer:call_now", args=[location.code, call.code])).status_code == 200


@pytest.fixture
def recorded(db, httpserver):
    """A call whose recording the carrier has, and a viewer's client; the carrier wants the account's credentials."""
    location, user, call = talking()
    decision = Decision.objects.create(
        location=location, call_id=call.pk, contact_id=call.contact_id, phone=call.phone, decision="allow",
        decided_at=timezone.now(), facts={}, engine="1",
    )  # fmt: skip
    account = call.agent.phone_number.account
    Attempt.objects.create(
        call=call, decision=decision, account=account, location=location, phone=call.phone, sid="CA1",
        from_number="+13035550100", state=AttemptState.ENDED, slot_at=timezone.now(), local_date="2026-11-21",
    )  # fmt: skip
    Call.objects.filter(pk=call.pk).update(recording_sid="RE" + "1" * 32)
    path = f"/api/2010-04-01/Accounts/{account.account_sid}/Recordings/RE11111111111111111111111111111111.wav"
    httpserver.expect_request(
        path, headers={"Authorization": f"Basic {credentials(account)}"}
    ).respond_with_data(SOUND, content_type="audio/x-wav")
    client = Client()
    client.force_login(user)
    with override_settings(SANDBOX_URL=httpserver.url_for("").rstrip("/")):
        yield client, reverse("dialer:recording", args=[location.code, call.code])


def credentials(account) -> str:
    return base64.b64encode(f"{account.account_sid}:{account.auth_token}".encode()).decode()


def test_a_recording_is_fetched_with_the_accounts_credentials(recorded):
    client, url = recorded
    response = client.get(url)
    assert (response.status_code, response.content) == (200, SOUND)
    assert response.headers["Content-Type"] == "audio/x-wav"


@pytest.mark.parametrize(
    ("asked", "status", "part"),
    [
        ("bytes=0-3", 206, SOUND[:4]),
        ("bytes=1000-", 206, SOUND[1000:]),
        ("bytes=-5", 206, SOUND[-5:]),
        ("bytes=0-999999", 206, SOUND),
        ("bytes=5000-", 416, b""),
        ("bytes=0-1,3-4", 200, SOUND),
        ("lines=1-2", 200, SOUND),
        ("bytes=x-", 200, SOUND),
    ],
)
def test_a_player_may_seek(recorded, asked, status, part):
    client, url = recorded
    response = client.get(url, headers={"Range": asked})
    assert (response.status_code, response.content) == (status, part)


def test_a_long_recording_is_passed_on_whole(recorded, monkeypatch):
    monkeypatch.setattr("dialer.views.calls.RECORDING_LIMIT", 100)
    client, url = recorded
    assert b"".join(client.get(url, headers={"Range": "bytes=0-3"}).streaming_content) == SOUND


def test_a_recording_that_the_carrier_lost_is_told(recorded, httpserver):
    client, url = recorded
    httpserver.clear()
    response = client.get(url)
    assert response.status_code == 502
    assert "not available" in response.content.decode()


@pytest.mark.django_db
def test_a_call_without_a_recording_has_none():
    location, user, call = talking()
    client = Client()
    client.force_login(user)
    assert client.get(reverse("dialer:recording", args=[location.code, call.code])).status_code == 404
