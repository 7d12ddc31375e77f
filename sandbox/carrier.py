"""The carrier in one piece: its settings, and the parts wired together."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sandbox import personas
from sandbox.calls import Account
from sandbox.clock import Clock
from sandbox.exchange import Exchange
from sandbox.faults import Faults
from sandbox.journal import Witness
from sandbox.store import Store
from sandbox.trusthub import LOOK_EVERY, Paper, TrustHub
from sandbox.webhooks import Webhooks

# The demo's credentials: worth nothing outside this sandbox, and so no secret.
DEFAULT_SID = "AC" + "5a" * 16
DEFAULT_TOKEN = "sandbox-auth-token"


class SettingsError(ValueError):
    """A setting that cannot be used; the message names it."""


@dataclass(frozen=True, slots=True)
class Settings:
    account_sid: str = DEFAULT_SID
    auth_token: str = DEFAULT_TOKEN
    speed: float = 1.0
    data: Path = Path("var/sandbox")
    seed: str | None = None

    @classmethod
    def from_env(cls, env: Mapping[str, str] = os.environ) -> Settings:
        speed = env.get("SANDBOX_SPEED") or "1"
        try:
            number = float(speed)
        except ValueError:
            number = 0.0
        if not 0 < number <= 10_000:
            raise SettingsError(f"SANDBOX_SPEED must be a number above 0 and at most 10000, not {speed!r}")
        return cls(
            account_sid=env.get("SANDBOX_ACCOUNT_SID") or DEFAULT_SID,
            auth_token=env.get("SANDBOX_AUTH_TOKEN") or DEFAULT_TOKEN,
            speed=number,
            data=Path(env.get("SANDBOX_DATA") or "var/sandbox"),
            seed=env.get("SANDBOX_SEED") or None,
        )


class Carrier:
    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.cast = personas.load()
        self.clock = Clock(settings.speed)
        self.store = Store(
            settings.data,
            seed=settings.seed,
            first_account=Account(settings.account_sid, settings.auth_token),
        )
        # A persona that has been renamed since leaves its numbers to the table.
        self.store.personas = {n: p for n, p in self.store.personas.items() if p in self.cast.personas}
        self.trusthub = TrustHub(settings.data, self.clock, self.store.new_sid)
        self.faults = Faults(self.store.seed)
        self.witness = Witness(settings.data / "log.jsonl")
        self.webhooks = Webhooks(self.clock, self.faults, self.witness)
        self.exchange = Exchange(self.clock, self.store, self.faults, self.witness, self.cast, self.webhooks)

    async def start(self) -> None:
        await self.webhooks.start()
        self.witness.note("start", seed=self.store.seed, speed=self.clock.speed)
        self.exchange.end_orphans()
        for paper in self.trusthub.going_on():
            self.webhooks.later(self.report_review(paper))

    async def report_review(self, paper: Paper) -> None:
        """Tell the profile's status callback each state that its review reaches, until it is decided."""
        url, account = paper.fields.get("status_callback"), self.store.accounts.get(paper.account_sid)
        if not url or account is None:
            return
        told = ""
        while True:
            self.trusthub.progress(paper)
            if paper.status != told:
                told = paper.status
                form = [
                    ("AccountSid", paper.account_sid), ("BundleSid", paper.sid), ("Status", told),
                    ("FailureReason", paper.reason),
                ]  # fmt: skip
                await self.webhooks.callback(
                    url, form, token=account.token, what="review", event=told, sid=paper.sid,
                    account=paper.account_sid, to="",
                )  # fmt: skip
            if paper.decided:
                return
            await self.clock.sleep(LOOK_EVERY)

    async def stop(self) -> None:
        """Stop where we are: live calls end as failed at the next start, as after a kill."""
        for socket in self.exchange.half_open:
            socket.transport.abort()
        await self.webhooks.close()
        self.witness.note("stop")
        self.witness.close()
        self.store.close()

    async def reset(self) -> None:
        """Hang up every call without a word, forget calls, messages, recordings, faults and the log."""
        for leg in list(self.exchange.legs.values()):
            leg.stopped = True
        await self.webhooks.close()
        self.exchange.forget()
        self.faults.clear()
        self.store.forget_records()
        self.trusthub.forget()
        self.witness.replace([])
        await self.webhooks.start()
        self.witness.note("reset")
