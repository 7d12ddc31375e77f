"""The records a carrier keeps: accounts, numbers, calls, messages, recordings. Data only; no behaviour in time."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, fields
from typing import Any
from urllib.parse import urlencode

from sandbox.clock import rfc2822
from sandbox.numbering import friendly

API_VERSION = "2010-04-01"
TERMINAL = frozenset({"completed", "busy", "failed", "no-answer", "canceled"})
Form = list[tuple[str, str]]


class Record:
    """What is common to the records: made from and kept as plain JSON."""

    __slots__ = ()

    def as_dict(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__dataclass_fields__}  # type: ignore[attr-defined]

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Any:
        known = {f.name for f in fields(cls)}  # type: ignore[arg-type]
        return cls(**{key: value for key, value in data.items() if key in known})


@dataclass(slots=True)
class Account(Record):
    sid: str
    token: str
    friendly_name: str = "Sandbox"
    cps: float = 1.0  # calls started a second; 0 means as many as are asked for
    status: str = "active"
    created: float = field(default_factory=time.time)

    def json(self) -> dict[str, Any]:
        uri = f"/{API_VERSION}/Accounts/{self.sid}"
        return {
            "sid": self.sid,
            "friendly_name": self.friendly_name,
            "status": self.status,
            "type": "Full",
            "auth_token": self.token,
            "owner_account_sid": self.sid,
            "date_created": rfc2822(self.created),
            "date_updated": rfc2822(self.created),
            "uri": f"{uri}.json",
            "subresource_uris": {
                name: f"{uri}/{path}.json"
                for name, path in [
                    ("calls", "Calls"),
                    ("messages", "Messages"),
                    ("recordings", "Recordings"),
                    ("incoming_phone_numbers", "IncomingPhoneNumbers"),
                    ("available_phone_numbers", "AvailablePhoneNumbers"),
                ]
            },
        }


@dataclass(slots=True)
class Number(Record):
    """A number that an account owns."""

    sid: str
    account_sid: str
    number: str
    # Twilio's own parameter names: VoiceUrl, VoiceMethod, StatusCallback, SmsUrl…
    settings: dict[str, str] = field(default_factory=dict)
    created: float = field(default_factory=time.time)
    updated: float = field(default_factory=time.time)

    def json(self) -> dict[str, Any]:
        read = self.settings.get
        return {
            "sid": self.sid,
            "account_sid": self.account_sid,
            "phone_number": self.number,
            "friendly_name": read("FriendlyName") or friendly(self.number),
            "api_version": API_VERSION,
            "capabilities": {"voice": True, "sms": True, "mms": True, "fax": False},
            "address_requirements": "none",
            "address_sid": read("AddressSid") or None,
            "bundle_sid": read("BundleSid") or None,
            "beta": False,
            "emergency_address_sid": None,
            "emergency_address_status": "unregistered",
            "emergency_status": "Inactive",
            "identity_sid": None,
            "origin": "twilio",
            "status": "in-use",
            "type": "local",
            "trunk_sid": read("TrunkSid") or None,
            "voice_application_sid": read("VoiceApplicationSid") or None,
            "voice_caller_id_lookup": read("VoiceCallerIdLookup") == "true",
            "voice_receive_mode": read("VoiceReceiveMode") or "voice",
            "voice_url": read("VoiceUrl", ""),
            "voice_method": read("VoiceMethod", "POST"),
            "voice_fallback_url": read("VoiceFallbackUrl", ""),
            "voice_fallback_method": read("VoiceFallbackMethod", "POST"),
            "sms_application_sid": read("SmsApplicationSid") or None,
            "sms_url": read("SmsUrl", ""),
            "sms_method": read("SmsMethod", "POST"),
            "sms_fallback_url": read("SmsFallbackUrl", ""),
            "sms_fallback_method": read("SmsFallbackMethod", "POST"),
            "status_callback": read("StatusCallback", ""),
            "status_callback_method": read("StatusCallbackMethod", "POST"),
            "date_created": rfc2822(self.created),
            "date_updated": rfc2822(self.updated),
            "uri": f"/{API_VERSION}/Accounts/{self.account_sid}/IncomingPhoneNumbers/{self.sid}.json",
        }


@dataclass(slots=True)
class Call(Record):
    """One leg. ``duration`` is in human seconds; the instants are wall time."""

    sid: str
    account_sid: str
    to: str
    from_: str
    direction: str  # outbound-api | outbound-dial | inbound
    status: str = "queued"
    created: float = field(default_factory=time.time)
    updated: float = field(default_factory=time.time)
    started: float | None = None
    ended: float | None = None
    duration: int | None = None
    answered_by: str | None = None
    queue_time: int = 0  # milliseconds
    parent_sid: str | None = None
    number_sid: str | None = None
    persona: str = ""
    events_sent: int = 0  # status callbacks so far: the next one's SequenceNumber
    # The request's own parameter names; StatusCallbackEvent is a list.
    params: dict[str, Any] = field(default_factory=dict)

    @property
    def is_over(self) -> bool:
        return self.status in TERMINAL

    @property
    def is_outbound(self) -> bool:
        return self.direction != "inbound"

    def json(self) -> dict[str, Any]:
        uri = f"/{API_VERSION}/Accounts/{self.account_sid}/Calls/{self.sid}"
        billed = self.status == "completed" and self.duration is not None
        return {
            "sid": self.sid,
            "account_sid": self.account_sid,
            "api_version": API_VERSION,
            "parent_call_sid": self.parent_sid,
            "group_sid": None,
            "to": self.to,
            "to_formatted": friendly(self.to),
            "from": self.from_,
            "from_formatted": friendly(self.from_),
            "phone_number_sid": self.number_sid,
            "status": self.status,
            "direction": self.direction,
            "answered_by": self.answered_by,
            "start_time": rfc2822(self.started),
            "end_time": rfc2822(self.ended),
            "duration": None if self.duration is None else str(self.duration),
            "price": f"-{0.014 * billed_minutes(self.duration or 0):.5f}" if billed else None,
            "price_unit": "USD",
            "caller_name": None,
            "forwarded_from": None,
            "queue_time": str(self.queue_time),
            "trunk_sid": None,
            "annotation": None,
            "date_created": rfc2822(self.created),
            "date_updated": rfc2822(self.updated),
            "uri": f"{uri}.json",
            "subresource_uris": {
                name: f"{uri}/{name.title().replace('_', '')}.json"
                for name in ["events", "notifications", "payments", "recordings", "siprec", "streams",
                             "transcriptions", "user_defined_messages", "user_defined_message_subscriptions"]
            },
        }  # fmt: skip

    def fields(self, status: str | None = None) -> Form:
        """The fields common to every voice request that Twilio makes (geography unknown: empty strings)."""
        form: Form = [
            ("CallSid", self.sid),
            ("AccountSid", self.account_sid),
            ("ApiVersion", API_VERSION),
            ("From", self.from_),
            ("To", self.to),
            ("Caller", self.from_),
            ("Called", self.to),
            ("CallStatus", status or self.status),
            ("Direction", self.direction),
        ]
        for side in ("From", "To", "Caller", "Called"):
            form += [(f"{side}{part}", "") for part in ("City", "State", "Zip", "Country")]
        if self.parent_sid:
            form.append(("ParentCallSid", self.parent_sid))
        if self.direction == "inbound":
            form.append(("StirVerstat", "TN-Validation-Passed-A"))
        return form


def billed_minutes(seconds: int) -> int:
    return -(-seconds // 60)


@dataclass(slots=True)
class Message(Record):
    sid: str
    account_sid: str
    to: str
    from_: str
    body: str
    status: str = "queued"
    messaging_service_sid: str | None = None
    media: int = 0
    callback: str = ""
    direction: str = "outbound-api"
    created: float = field(default_factory=time.time)
    sent: float | None = None

    def json(self) -> dict[str, Any]:
        uri = f"/{API_VERSION}/Accounts/{self.account_sid}/Messages/{self.sid}"
        return {
            "sid": self.sid,
            "account_sid": self.account_sid,
            "messaging_service_sid": self.messaging_service_sid,
            "api_version": API_VERSION,
            "to": self.to,
            "from": self.from_,
            "body": self.body,
            "status": self.status,
            "direction": self.direction,
            "num_segments": str(segments(self.body)),
            "num_media": str(self.media),
            "price": None,
            "price_unit": "USD",
            "error_code": None,
            "error_message": None,
            "date_created": rfc2822(self.created),
            "date_updated": rfc2822(self.sent or self.created),
            "date_sent": rfc2822(self.sent),
            "uri": f"{uri}.json",
            "subresource_uris": {"media": f"{uri}/Media.json"},
        }


def segments(body: str) -> int:
    """SMS parts: 160 characters, or 153 each when several; 70 and 67 outside the GSM alphabet (taken as Latin-1)."""
    single, several = (160, 153) if all(ord(c) < 256 for c in body) else (70, 67)
    return 1 if len(body) <= single else -(-len(body) // several)


@dataclass(slots=True)
class Recording(Record):
    sid: str
    account_sid: str
    call_sid: str
    source: str  # OutboundAPI | RecordVerb | DialVerb | StartCallRecordingAPI
    channels: int = 1
    track: str = "both"
    status: str = "in-progress"
    duration: int | None = None
    started: float = field(default_factory=time.time)

    @property
    def path(self) -> str:
        return f"/{API_VERSION}/Accounts/{self.account_sid}/Recordings/{self.sid}"

    def json(self) -> dict[str, Any]:
        return {
            "sid": self.sid,
            "account_sid": self.account_sid,
            "call_sid": self.call_sid,
            "conference_sid": None,
            "api_version": API_VERSION,
            "status": self.status,
            "source": self.source,
            "channels": self.channels,
            "track": self.track,
            "duration": None if self.duration is None else str(self.duration),
            "start_time": rfc2822(self.started),
            "price": None,
            "price_unit": "USD",
            "error_code": None,
            "encryption_details": None,
            "media_url": f"https://api.twilio.com{self.path}",
            "date_created": rfc2822(self.started),
            "date_updated": rfc2822(self.started),
            "uri": f"{self.path}.json",
            "subresource_uris": {},
        }


def query(url: str, fields_: Form) -> str:
    """``url`` with the fields in its query, as Twilio does for GET webhooks."""
    if not fields_:
        return url
    return url + ("&" if "?" in url else "?") + urlencode(fields_)
