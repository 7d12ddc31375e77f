"""The work of a status callback by hand: Starlette and an asynchronous psycopg pool, without Django."""

import hashlib
import json
import os
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from urllib.parse import parse_qsl

from psycopg.types.json import Jsonb
from psycopg_pool import AsyncConnectionPool
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from twilio.request_validator import RequestValidator

pool = AsyncConnectionPool(os.environ["DATABASE_URL"], min_size=4, max_size=16, open=False)
accounts: dict[str, tuple[int, str]] = {
    sid: (pk, token) for sid, pk, token in json.loads(os.environ["BENCH_ACCOUNTS"])
}
PUBLIC_URL = os.environ["PUBLIC_URL"]


async def status(request: Request) -> Response:
    body = dict(parse_qsl((await request.body()).decode(), keep_blank_values=True))
    account, secret = accounts[body["AccountSid"]]
    token = request.path_params["token"]
    signature = request.headers.get("X-Twilio-Signature", "")
    if not RequestValidator(secret).validate(f"{PUBLIC_URL}/voice/status/{token}", body, signature):
        return Response(status_code=403)
    now = datetime.now(UTC)
    event = ["status", account, token, body["CallSid"], body["SequenceNumber"], body["CallStatus"]]
    key = hashlib.sha256(json.dumps(event).encode()).hexdigest()
    async with pool.connection() as connection:
        kept = await connection.execute(
            "INSERT INTO telephony_carrierevent (kind, account_id, token, call_sid, fingerprint, body, known, "
            "deliveries, received_at) VALUES ('status', %s, %s, %s, %s, %s, true, 1, %s) ON CONFLICT (fingerprint) "
            "DO UPDATE SET deliveries = telephony_carrierevent.deliveries + 1 RETURNING deliveries",
            [account, token, body["CallSid"], key, Jsonb(body), now],
        )
        if (await kept.fetchone())[0] > 1:  # type: ignore[index]
            return Response(status_code=204)
        found = await connection.execute(
            "SELECT a.id, a.call_id, c.state FROM dialer_attempt a JOIN dialer_call c ON c.id = a.call_id "
            "WHERE a.token = %s FOR UPDATE",
            [token],
        )
        attempt, call, state = await found.fetchone()  # type: ignore[misc]
        await connection.execute(
            "UPDATE dialer_attempt SET sid = %s, carrier_status = %s, state = 'accepted', settled_at = %s "
            "WHERE id = %s",
            [body["CallSid"], body["CallStatus"], now, attempt],
        )
        await connection.execute(
            "UPDATE dialer_call SET state = 'in_progress', answered_at = %s WHERE id = %s AND state = 'calling'",
            [now, call],
        )
        await connection.execute(
            "INSERT INTO dialer_callevent (call_id, at, from_state, to_state, cause) "
            "VALUES (%s, %s, %s, 'in_progress', 'Answered')",
            [call, now, state],
        )
    return Response(status_code=204)


@asynccontextmanager
async def lifespan(app: Starlette):  # type: ignore[no-untyped-def]
    async with pool:
        yield


application = Starlette(routes=[Route("/voice/status/{token}", status, methods=["POST"])], lifespan=lifespan)
