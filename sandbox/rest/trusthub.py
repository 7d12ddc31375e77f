"""Addresses (2010 API), and of Trust Hub v1: policies, customer profiles, end users, documents, evaluations."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from sandbox.calls import API_VERSION
from sandbox.clock import rfc2822
from sandbox.errors import ApiError
from sandbox.rest.front import PAGE_SIZE, PAGE_SIZE_LIMIT, Ask
from sandbox.trusthub import PRIMARY_POLICY, SECONDARY_POLICY, Paper

HOST = "https://trusthub.twilio.com/v1"
Answer = tuple[int, dict[str, Any]]
_POLICIES = {
    SECONDARY_POLICY: "Secondary Customer Profile of type Business",
    PRIMARY_POLICY: "Primary Customer Profile of type Business",
}
# What the policy asks of each part, and the code of an evaluation that misses it.
_REQUIRED = {
    "customer_profile_business_information": (
        "business_name", "business_identity", "business_type", "business_industry", "business_registration_identifier",
        "business_registration_number", "business_regions_of_operation", "website_url",
    ),
    "authorized_representative_1": (
        "first_name", "last_name", "email", "phone_number", "business_title", "job_position",
    ),
    "customer_profile_address": ("address_sids",),
}  # fmt: skip
_CHOICES = {
    "business_identity": {"direct_customer", "isv_reseller_or_partner", "unknown"},
    "business_type": {
        "Co-operative", "Corporation", "Limited Liability Corporation", "Non-profit Corporation", "Partnership",
    },
    "business_registration_identifier": {
        "EIN", "CBN", "CN", "ACN", "CIN", "VAT", "VATRN", "RN", "DUNS", "Other",
    },
    "business_regions_of_operation": {"USA_AND_CANADA", "EUROPE", "ASIA", "AFRICA", "LATIN_AMERICA"},
    "job_position": {"Director", "GM", "VP", "CEO", "CFO", "General Counsel", "Other"},
}  # fmt: skip


def _iso(epoch: float) -> str:
    return datetime.fromtimestamp(epoch, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _needed(ask: Ask, *names: str) -> None:
    for name in names:
        if not ask.value(name):
            raise ApiError(20001, f"Missing required parameter {name} in the post body")


def _found(ask: Ask, kind: str, name: str = "sid") -> Paper:
    paper = ask.carrier.trusthub.find(ask.account.sid, kind, ask.path[name])
    if paper is None:
        raise ApiError(20404)
    return paper


def _list(ask: Ask, path: str, rows: Iterable[dict[str, Any]]) -> Answer:
    """A page as the newer APIs give it, with absolute addresses in `meta`."""
    asked = ask.asked("PageSize")
    size = min(PAGE_SIZE_LIMIT, max(1, int(asked))) if asked.isdigit() else PAGE_SIZE
    number = int(ask.asked("Page")) if ask.asked("Page").isdigit() else 0
    every = list(rows)
    filters = [(k, v) for k, v in ask.query if k not in ("Page", "PageSize", "PageToken")]

    def link(page: int) -> str:
        return f"{HOST}{path}?{urlencode([*filters, ('PageSize', str(size)), ('Page', str(page))])}"

    more = len(every) > (number + 1) * size
    return 200, {
        "meta": {
            "page": number, "page_size": size, "key": "results", "url": link(number), "first_page_url": link(0),
            "previous_page_url": link(number - 1) if number else None,
            "next_page_url": link(number + 1) if more else None,
        },
        "results": every[number * size : (number + 1) * size],
    }  # fmt: skip


# -- addresses


def _address_json(paper: Paper) -> dict[str, Any]:
    return {
        "sid": paper.sid, "account_sid": paper.account_sid, "friendly_name": paper.friendly_name,
        "date_created": rfc2822(paper.created), "date_updated": rfc2822(paper.created), "emergency_enabled": False,
        "validated": False, "verified": False, "street_secondary": None, **paper.fields,
        "uri": f"/{API_VERSION}/Accounts/{paper.account_sid}/Addresses/{paper.sid}.json",
    }  # fmt: skip


def address_create(ask: Ask) -> Answer:
    names = ("CustomerName", "Street", "City", "Region", "PostalCode", "IsoCountry")
    _needed(ask, "CustomerName", "Street", "City", "PostalCode", "IsoCountry")
    fields = {
        {"CustomerName": "customer_name", "PostalCode": "postal_code", "IsoCountry": "iso_country"}.get(
            name, name.lower()
        ): ask.value(name)
        for name in names
    }
    return 201, _address_json(
        ask.carrier.trusthub.add("AD", ask.account.sid, "address", ask.value("FriendlyName"), **fields)
    )


def address_list(ask: Ask) -> Answer:
    wanted = ask.asked("FriendlyName")
    rows = [
        p
        for p in ask.carrier.trusthub.of(ask.account.sid, "address")
        if not wanted or p.friendly_name == wanted
    ]
    uri = f"/{API_VERSION}/Accounts/{ask.account.sid}/Addresses.json"
    return 200, {
        "addresses": [_address_json(paper) for paper in rows[:PAGE_SIZE_LIMIT]], "page": 0,
        "page_size": PAGE_SIZE_LIMIT, "start": 0, "end": max(0, len(rows) - 1), "uri": uri, "first_page_uri": uri,
        "next_page_uri": None, "previous_page_uri": None,
    }  # fmt: skip


# -- end users and documents


def _typed(kind: str, prefix: str, path: str) -> tuple[Callable[[Ask], Answer], Callable[[Ask], Answer]]:
    """Create and list of records that are a type and its attributes."""

    def json_of(paper: Paper) -> dict[str, Any]:
        return {
            "sid": paper.sid, "account_sid": paper.account_sid, "friendly_name": paper.friendly_name,
            "status": "draft", "mime_type": None, "date_created": _iso(paper.created),
            "date_updated": _iso(paper.created), "url": f"{HOST}{path}/{paper.sid}", **paper.fields,
        }  # fmt: skip

    def create(ask: Ask) -> Answer:
        _needed(ask, "FriendlyName", "Type")
        try:
            attributes = json.loads(ask.value("Attributes") or "{}")
        except ValueError:
            attributes = None
        if not isinstance(attributes, dict):
            raise ApiError(20001, "Attributes must be a JSON object")
        made = ask.carrier.trusthub.add(
            prefix,
            ask.account.sid,
            kind,
            ask.value("FriendlyName"),
            type=ask.value("Type"),
            attributes=attributes,
        )
        return 201, json_of(made)

    def listing(ask: Ask) -> Answer:
        return _list(ask, path, (json_of(paper) for paper in ask.carrier.trusthub.of(ask.account.sid, kind)))

    return create, listing


end_user_create, end_user_list = _typed("end_user", "IT", "/EndUsers")
document_create, document_list = _typed("document", "RD", "/SupportingDocuments")


# -- policies and customer profiles


def policies(ask: Ask) -> Answer:
    return _list(
        ask, "/Policies",
        ({"sid": sid, "friendly_name": name, "requirements": {}, "url": f"{HOST}/Policies/{sid}"}
         for sid, name in _POLICIES.items()),
    )  # fmt: skip


def _profile_json(ask: Ask, paper: Paper) -> dict[str, Any]:
    ask.carrier.trusthub.progress(paper)
    url = f"{HOST}/CustomerProfiles/{paper.sid}"
    return {
        "sid": paper.sid, "account_sid": paper.account_sid, "friendly_name": paper.friendly_name,
        "status": paper.status, "valid_until": None, "date_created": _iso(paper.created),
        "date_updated": _iso(paper.created), "url": url, **paper.fields,
        "errors": [{"code": 22217, "message": paper.reason}] if paper.reason else [],
        "links": {
            "customer_profiles_entity_assignments": f"{url}/EntityAssignments",
            "customer_profiles_evaluations": f"{url}/Evaluations",
            "customer_profiles_channel_endpoint_assignment": f"{url}/ChannelEndpointAssignments",
        },
    }  # fmt: skip


def profile_create(ask: Ask) -> Answer:
    _needed(ask, "FriendlyName", "Email", "PolicySid")
    policy = ask.value("PolicySid")
    if policy == PRIMARY_POLICY:
        raise ApiError(20422, "Creating a Primary Customer Profile is restricted via API")
    if policy not in _POLICIES:
        raise ApiError(20404, f"The policy {policy} was not found")
    made = ask.carrier.trusthub.add(
        "BU",
        ask.account.sid,
        "profile",
        ask.value("FriendlyName"),
        policy_sid=policy,
        email=ask.value("Email"),
        status_callback=ask.value("StatusCallback") or None,
    )
    return 201, _profile_json(ask, made)


def profile_list(ask: Ask) -> Answer:
    rows = [_profile_json(ask, paper) for paper in ask.carrier.trusthub.of(ask.account.sid, "profile")]
    for name, key in (("FriendlyName", "friendly_name"), ("PolicySid", "policy_sid"), ("Status", "status")):
        if wanted := ask.asked(name):
            rows = [row for row in rows if row[key] == wanted]
    return _list(ask, "/CustomerProfiles", rows)


def profile_fetch(ask: Ask) -> Answer:
    return 200, _profile_json(ask, _found(ask, "profile"))


def profile_update(ask: Ask) -> Answer:
    paper = _found(ask, "profile")
    if status := ask.value("Status"):
        if status != "pending-review" or paper.status not in ("draft", "twilio-rejected"):
            raise ApiError(20422, f"A profile that is {paper.status} cannot become {status}")
        if _missing(ask, paper):
            raise ApiError(20422, "The customer profile is not compliant with its policy")
        ask.carrier.trusthub.submit(paper)
        ask.carrier.webhooks.later(ask.carrier.report_review(paper))
    return 202, _profile_json(ask, paper)


# -- assignments and evaluations


def _assignment_json(paper: Paper, sid: str) -> dict[str, Any]:
    return {
        "sid": sid, "customer_profile_sid": paper.sid, "account_sid": paper.account_sid,
        "object_sid": paper.parts[sid], "date_created": _iso(paper.created),
        "url": f"{HOST}/CustomerProfiles/{paper.sid}/EntityAssignments/{sid}",
    }  # fmt: skip


def assignment_create(ask: Ask) -> Answer:
    paper, wanted = _found(ask, "profile"), ask.value("ObjectSid")
    known = ask.carrier.trusthub.papers.get(wanted)
    if known is None or known.account_sid != ask.account.sid:
        raise ApiError(20404, f"The object {wanted} was not found")
    if wanted in paper.parts.values():
        raise ApiError(20409)
    return 201, _assignment_json(paper, ask.carrier.trusthub.assign(paper, wanted))


def assignment_list(ask: Ask) -> Answer:
    paper = _found(ask, "profile")
    path = f"/CustomerProfiles/{paper.sid}/EntityAssignments"
    return _list(ask, path, (_assignment_json(paper, sid) for sid in paper.parts))


def _missing(ask: Ask, profile: Paper) -> dict[str, list[dict[str, Any]]]:
    """Per part of the policy, what is missing or no choice of it."""
    hub = ask.carrier.trusthub
    found: dict[str, list[dict[str, Any]]] = {}
    for type_, names in _REQUIRED.items():
        part = hub.part(profile, type_)
        if part is None:
            found[type_] = [
                {"object_field": type_, "failure_reason": f"{type_} is missing", "error_code": 22214}
            ]
            continue
        said = part.fields["attributes"]
        wrong = [
            {"object_field": name, "failure_reason": f"{name} is missing", "error_code": 22215}
            for name in names
            if not said.get(name)
        ]
        wrong += [
            {"object_field": name, "failure_reason": f"{name} is not a valid value", "error_code": 22216}
            for name, choices in _CHOICES.items()
            if said.get(name) and said[name] not in choices
        ]
        if wrong:
            found[type_] = wrong
    primary = (hub.papers.get(sid) for sid in profile.parts.values())
    if not any(p and p.fields.get("policy_sid") == PRIMARY_POLICY for p in primary):
        found["primary_customer_profile"] = [
            {
                "object_field": "primary_customer_profile_sid",
                "failure_reason": "It is missing",
                "error_code": 22214,
            }
        ]
    return found


def evaluation_create(ask: Ask) -> Answer:
    paper = _found(ask, "profile")
    _needed(ask, "PolicySid")
    missing = _missing(ask, paper)
    sid = ask.carrier.store.new_sid("EL")
    return 201, {
        "sid": sid, "account_sid": ask.account.sid, "policy_sid": ask.value("PolicySid"),
        "customer_profile_sid": paper.sid, "status": "noncompliant" if missing else "compliant",
        "results": [
            {"requirement_name": name, "object_type": name, "passed": name not in missing, "valid": [],
             "invalid": missing.get(name, [])}
            for name in (*_REQUIRED, "primary_customer_profile")
        ],
        "date_created": _iso(paper.created),
        "url": f"{HOST}/CustomerProfiles/{paper.sid}/Evaluations/{sid}",
    }  # fmt: skip
