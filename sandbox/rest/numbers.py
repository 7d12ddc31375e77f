"""Numbers on sale (AvailablePhoneNumbers) and numbers owned (IncomingPhoneNumbers)."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

from sandbox.calls import API_VERSION, Number
from sandbox.errors import ApiError
from sandbox.numbering import (
    BLOCKS,
    NORTH_AMERICA,
    OfferedNumber,
    contains_pattern,
    country_of,
    friendly,
    is_e164,
    normalise,
    offered,
)
from sandbox.rest.front import Ask, newest_first, page

KINDS = ("Local", "Mobile", "TollFree", "National", "Voip", "SharedCost", "MachineToMachine")
SETTINGS = (
    "FriendlyName", "VoiceUrl", "VoiceMethod", "VoiceFallbackUrl", "VoiceFallbackMethod", "VoiceApplicationSid",
    "VoiceReceiveMode", "VoiceCallerIdLookup", "SmsUrl", "SmsMethod", "SmsFallbackUrl", "SmsFallbackMethod",
    "SmsApplicationSid", "StatusCallback", "StatusCallbackMethod", "AddressSid", "BundleSid", "TrunkSid",
    "EmergencyAddressSid",
)  # fmt: skip
MAGIC = {"+15005550000": 21422, "+15005550001": 21421}
MAGIC_AREA = {"533": 21452}
OFFERED_AT_ONCE = 50


def available_countries(ask: Ask) -> tuple[int, dict[str, Any]]:
    uri = f"/{API_VERSION}/Accounts/{ask.account.sid}/AvailablePhoneNumbers"
    countries = [
        {"country_code": country, "country": country, "uri": f"{uri}/{country}.json", "beta": False,
         "subresource_uris": {}}
        for country in [*NORTH_AMERICA, *BLOCKS]
    ]  # fmt: skip
    return 200, {"countries": countries, "uri": f"{uri}.json"}


def search(ask: Ask) -> tuple[int, dict[str, Any]]:
    country, kind = ask.path["country"].upper(), ask.path["kind"]
    if kind not in KINDS or country not in {**NORTH_AMERICA, **BLOCKS}:
        raise ApiError(20404)
    size = ask.asked("PageSize")
    limit = max(1, min(int(size), 1000)) if size.isdigit() else OFFERED_AT_ONCE
    found = []
    for offer in _matching(ask, country, kind):
        found.append(_offer_json(offer))
        if len(found) == limit:
            break
    uri = f"/{API_VERSION}/Accounts/{ask.account.sid}/AvailablePhoneNumbers/{country}/{kind}.json"
    return 200, {"available_phone_numbers": found, "uri": uri}


def _matching(ask: Ask, country: str, kind: str) -> Iterator[OfferedNumber]:
    area, region, locality = ask.asked("AreaCode"), ask.asked("InRegion"), ask.asked("InLocality")
    contains = contains_pattern(ask.asked("Contains")) if ask.asked("Contains") else None
    for offer in offered(country, kind):
        if offer.number in ask.carrier.store.numbers:
            continue
        if area and not (offer.number.startswith("+1") and offer.number[2:5] == area):
            continue
        if region and offer.region.lower() != region.lower():
            continue
        if locality and offer.locality.lower() != locality.lower():
            continue
        if contains and not contains.search(offer.number):
            continue
        yield offer


def _offer_json(offer: OfferedNumber) -> dict[str, Any]:
    return {
        "phone_number": offer.number,
        "friendly_name": friendly(offer.number),
        "iso_country": offer.country,
        "region": offer.region or None,
        "locality": offer.locality or None,
        "postal_code": None,
        "rate_center": None,
        "lata": None,
        "latitude": None,
        "longitude": None,
        "address_requirements": "none",
        "beta": False,
        "capabilities": {"voice": True, "SMS": True, "MMS": True, "fax": False},
    }


def buy(ask: Ask) -> tuple[int, dict[str, Any]]:
    store = ask.carrier.store
    wanted, area = normalise(ask.value("PhoneNumber")), ask.value("AreaCode")
    if code := MAGIC.get(wanted) or MAGIC_AREA.get(area):
        raise ApiError(code)
    if not wanted and area:
        country = country_of(f"+1{area}5550100")
        wanted = next(
            (
                offer.number
                for offer in offered(country, "Local")
                if offer.number[2:5] == area and offer.number not in store.numbers
            ),
            "",
        )
        if not wanted:
            raise ApiError(21452, f"No phone numbers found in area code {area}")
    if not is_e164(wanted):
        raise ApiError(21421, "PhoneNumber is not valid")
    if wanted in store.numbers or not _on_sale(wanted):
        raise ApiError(21422, f"{wanted} is not available")
    number = Number(store.new_sid("PN"), ask.account.sid, wanted, _settings(ask))
    store.numbers[wanted] = number
    store.save()
    return 201, number.json()


def _on_sale(number: str) -> bool:
    if number == "+15005550006":
        return True
    country = country_of(number)
    return any(offer.number == number for kind in ("Local", "Mobile") for offer in offered(country, kind))


def _settings(ask: Ask) -> dict[str, str]:
    return {name: ask.value(name) for name in SETTINGS if ask.has(name)}


def find(ask: Ask) -> Number:
    for number in ask.carrier.store.numbers.values():
        if number.sid == ask.path["sid"] and number.account_sid == ask.account.sid:
            return number
    raise ApiError(20404)


def fetch(ask: Ask) -> tuple[int, dict[str, Any]]:
    return 200, find(ask).json()


def update(ask: Ask) -> tuple[int, dict[str, Any]]:
    number = find(ask)
    number.settings.update(_settings(ask))
    number.updated = time.time()
    ask.carrier.store.save()
    return 200, number.json()


def release(ask: Ask) -> tuple[int, dict[str, Any]]:
    del ask.carrier.store.numbers[find(ask).number]
    ask.carrier.store.save()
    return 204, {}


def listing(ask: Ask) -> tuple[int, dict[str, Any]]:
    number, name = normalise(ask.asked("PhoneNumber")), ask.asked("FriendlyName")
    rows = newest_first(ask.carrier.store.numbers.values(), ask.account)
    return page(
        ask, "incoming_phone_numbers", "IncomingPhoneNumbers",
        (row for row in rows if number in row.number and (not name or row.json()["friendly_name"] == name)),
    )  # fmt: skip
