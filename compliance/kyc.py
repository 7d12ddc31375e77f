"""Whether what a business says about itself holds together, checked on this machine alone. No Django here.

Nothing here proves that the business exists: formats, check digits and contradictions only. The EIN has no check digit,
so a right one is "plausible" and never "verified" (IRS prefixes through python-stdnum; prefixes get added, so that an
unknown one is a warning). Sources of the fields: Twilio primary customer profile; 47 CFR 64.1200(n)(4).
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from stdnum.au import abn, acn
from stdnum.ca import bn
from stdnum.de import handelsregisternummer
from stdnum.es import cif, nif
from stdnum.eu import vat
from stdnum.fr import siren, siret
from stdnum.mx import rfc
from stdnum.us import ein

from compliance.kyc_postal import misfit
from compliance.kyc_zip import zip_fits
from compliance.places import domestic
from compliance.zones import place_of

REQUIRED = {
    "legal_name": "the name in the business register",
    "business_type": "the kind of business",
    "owners": "who owns it",
    "industry": "the industry",
    "website": "the website",
    "privacy_url": "the address of the privacy policy",
    "terms_url": "the address of the terms",
    "operates_in": "where it does business",
    "registration_country": "the country of registration",
    "registration_type": "the register",
    "registration_number": "the number there",
    "street": "the street and house number",
    "city": "the city",
    "postal_code": "the postal code",
    "country": "the country of the address",
    "first_name": "the first representative's name",
    "first_title": "their position",
    "first_email": "their e-mail address",
    "first_phone": "their phone number",
    "second_name": "the second representative's name",
    "second_title": "their position",
    "second_email": "their e-mail address",
    "second_phone": "their phone number",
    "use_case": "what the calls are for",
}
STATEMENTS = {
    "authority": "I may speak for this business, and what is written here is true.",
    "adults": "Both representatives are of age, and know that they are named here.",
    "consent": "We call only people who agreed to be called by us, and we keep the proof.",
    "do_not_call": "We keep a do-not-call list, honour it at once, and hold the registry subscription our calls need.",
    "content": "Our calls are lawful: no deception, no impersonation, nothing that the carrier forbids.",
}
FREE_MAIL = {
    "gmail.com", "googlemail.com", "yahoo.com", "outlook.com", "hotmail.com", "live.com", "icloud.com", "aol.com",
    "proton.me", "protonmail.com", "gmx.com", "gmx.net", "gmx.de", "mail.com", "yandex.com", "msn.com",
}  # fmt: skip
SHORTEST_USE_CASE = 40
_PLACEHOLDER = re.compile(
    r"(?:test(?:ing)?|asdf\w*|qwerty\w*|x{2,}|n/?a|none|nothing|todo|tbd|unknown|foo|foobar|lorem ipsum.*|1234?5*)\W*",
    re.IGNORECASE,
)
_PO_BOX = re.compile(r"\b(?:p\.?\s*o\.?\s*box|post office box|apartado(?: de correos)?)\b", re.IGNORECASE)
_HOUSE = re.compile(r"\d+\s*\w?\s+\w{2,}|\w{3,}\D*\s\d+")
_EMAIL = re.compile(r"[^@\s]+@([^@\s.]+(?:\.[^@\s.]+)+)")
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}", re.IGNORECASE)
_LLC = re.compile(r"\b(?:p\.?)?l\.?\s?l\.?\s?c\b\.?|\blimited liability company\b", re.IGNORECASE)
_CORPORATION = re.compile(
    r"\b(?:inc|incorporated|corp|corporation|plc|s\.?\s?l(?:\.?\s?u)?|ltd|limited|gmbh|pty)\b\.?",
    re.IGNORECASE,
)
# These are initials and surnames of people as well.
_PERHAPS_CORPORATION = re.compile(r"\b(?:p\.?c|p\.?a|s\.?a)\b\.?", re.IGNORECASE)
_COMPANY_NUMBER = re.compile(r"(?:\d{2}|[A-Z]{2})\d{6}")
_CHECKED_BY = {
    "bn": (bn,), "acn": (acn,), "abn": (abn,), "nif": (cif, nif), "siren": (siren, siret),
    "hrb": (handelsregisternummer,), "rfc": (rfc,),
}  # fmt: skip
# Of the countries whose VAT numbers begin with other letters than their own; XI is Northern Ireland.
_VAT_PREFIX = {"GR": "EL", "GB": "XI"}
# Fewer letters than that are no answer. Chinese and Japanese say with one what others say with five.
_FEWEST_LETTERS = {"legal_name": 2, "industry": 3, "first_title": 2, "second_title": 2}


@dataclass(frozen=True, slots=True)
class Problem:
    """`field` needs another look, in words; one that does not block is a doubt to think about."""

    field: str
    words: str
    blocks: bool = True


def check(details: Mapping[str, str], *, country: str, own_numbers: Collection[str] = ()) -> list[Problem]:
    """What is missing, wrong or doubtful; empty when all holds together.

    details: KycProfile's fields. country: the location's, ISO 3166. own_numbers: E.164 numbers that agents call from.
    """
    said = {field: str(details.get(field) or "").strip() for field in REQUIRED | {"region": ""}}
    found = [Problem(field, f"Write {what}.") for field, what in REQUIRED.items() if not said[field]]
    found += [
        Problem(field, f"“{text}” is a placeholder. Write {REQUIRED[field]}.")
        for field, text in said.items()
        if field in REQUIRED and text and _PLACEHOLDER.fullmatch(text)
    ]
    found += [
        Problem(field, f"“{said[field]}” says too little. Write {REQUIRED[field]}.")
        for field, fewest in _FEWEST_LETTERS.items()
        if said[field].isascii() and said[field] and sum(map(str.isalpha, said[field])) < fewest
    ]
    missing = {problem.field for problem in found}
    for look in (_name, _registration, _address, _website, _people, _use_case):
        found += [problem for problem in look(said) if problem.field not in missing]
    found += [
        problem for problem in _phones(said, country, frozenset(own_numbers)) if problem.field not in missing
    ]
    return found


def _name(said: Mapping[str, str]) -> Iterator[Problem]:
    name, kind = said["legal_name"], said["business_type"]
    says_llc = bool(_LLC.search(name))
    bare = _LLC.sub("", name)
    says_corporation = bool(_CORPORATION.search(bare))
    perhaps_corporation = says_corporation or bool(_PERHAPS_CORPORATION.search(bare))
    if says_llc and kind != "llc":
        yield Problem(
            "business_type",
            "The name says limited liability company (LLC), and the kind of business does not.",
        )
    elif kind == "llc" and not says_llc and said["registration_country"] == "US":
        yield Problem(
            "legal_name", "The registered name of an LLC says so. Write it exactly as it is registered."
        )
    elif perhaps_corporation and kind == "sole_proprietor":
        yield Problem(
            "business_type",
            "The name says company, and a sole proprietor is a person. Choose the kind that is registered."
            if says_corporation
            else "The name looks like that of a company, and a sole proprietor is a person. Is it right?",
            blocks=says_corporation,
        )
    elif kind == "corporation" and not perhaps_corporation:
        yield Problem(
            "legal_name",
            "The registered name of a corporation mostly ends in Inc., Corp. or the like. Is it complete?",
            blocks=False,
        )


def _registration(said: Mapping[str, str]) -> Iterator[Problem]:
    kind, number, country = (said[f"registration_{what}"] for what in ("type", "number", "country"))
    homes = {
        "ein": "US", "bn": "CA", "company_number": "GB", "acn": "AU", "abn": "AU", "nif": "ES", "siren": "FR",
        "hrb": "DE", "rfc": "MX",
    }  # fmt: skip
    if kind in homes and country and country != homes[kind]:
        yield Problem("registration_type", "This register is not one of the country of registration.")
    if kind == "ein":
        yield from _ein(number)
    elif kind == "vat" and country:
        yield from _vat(number, country)
    elif not _can_exist(kind, number):
        yield Problem(
            "registration_number", "This number cannot exist in that register. Check it digit by digit."
        )


def _can_exist(kind: str, number: str) -> bool:
    if kind in _CHECKED_BY:
        return any(register.is_valid(number) for register in _CHECKED_BY[kind])
    if kind == "company_number":
        return _COMPANY_NUMBER.fullmatch(re.sub(r"\s", "", number).upper().zfill(8)) is not None
    bare = re.sub(r"\W", "", number)
    return len(bare) >= 4 and len(set(re.sub(r"\D", "", bare))) > 1


def _vat(number: str, country: str) -> Iterator[Problem]:
    prefix = _VAT_PREFIX.get(country, country)
    if country.lower() not in vat.MEMBER_STATES and country not in _VAT_PREFIX:
        yield Problem("registration_type", "This register is not one of the country of registration.")
    elif not re.sub(r"\W", "", number).upper().startswith(prefix):
        yield Problem(
            "registration_number", f"A VAT number of the country of registration begins with {prefix}."
        )
    elif not vat.is_valid(number):
        yield Problem(
            "registration_number", "This number cannot exist in that register. Check it digit by digit."
        )


def _ein(number: str) -> Iterator[Problem]:
    digits = re.sub(r"[\s-]", "", number)
    if not re.fullmatch(r"\d{9}", digits):
        yield Problem("registration_number", "An EIN has nine digits: 12-3456789.")
    elif len(set(digits[2:])) == 1 or digits in "01234567890123456789" or digits in "98765432109876543210":
        yield Problem("registration_number", "This is not a real EIN: its digits only repeat or count.")
    elif not ein.is_valid(digits):
        yield Problem(
            "registration_number",
            f"The IRS is not known to give out EINs that begin with {digits[:2]}. Check it.",
            blocks=False,
        )


def _address(said: Mapping[str, str]) -> Iterator[Problem]:
    if _PO_BOX.search(said["street"]) and not _HOUSE.search(_PO_BOX.sub("", said["street"])):
        yield Problem("street", "A PO box is not where the business is. Write the street and house number.")
    if said["country"] == "US":
        if not said["region"]:
            yield Problem("region", "Write the state, such as CO.")
        elif not re.fullmatch(r"\d{5}(?:-\d{4})?", said["postal_code"]):
            yield Problem("postal_code", "A ZIP code has five digits.")
        elif (fits := zip_fits(said["region"], said["postal_code"])) is None:
            yield Problem("region", "Write the state by its two letters, such as CO.")
        elif not fits:
            yield Problem("postal_code", f"This ZIP code is not in {said['region'].upper()}.")
    elif (example := misfit(said["country"], said["postal_code"])) is not None:
        yield Problem("postal_code", f"This is no postal code of that country; one looks like {example}.")


def _website(said: Mapping[str, str]) -> Iterator[Problem]:
    for field in ("website", "privacy_url", "terms_url"):
        parts = urlsplit(said[field])
        if parts.scheme != "https" or not _HOST.fullmatch(parts.hostname or ""):
            yield Problem(field, "Write the whole address, beginning with https://.")


def _people(said: Mapping[str, str]) -> Iterator[Problem]:
    site = (urlsplit(said["website"]).hostname or "").removeprefix("www.").lower()
    for who in ("first", "second"):
        match = _EMAIL.fullmatch(said[f"{who}_email"])
        if match is None:
            yield Problem(f"{who}_email", "This is not an e-mail address.")
        elif match[1].lower() in FREE_MAIL:
            yield Problem(
                f"{who}_email", "Reviewers trust an address at the business's own domain more.", blocks=False
            )
        elif site and not (
            f".{match[1].lower()}".endswith(f".{site}") or site.endswith(f".{match[1].lower()}")
        ):
            yield Problem(
                f"{who}_email", f"This address is not at {site}, the business's website.", blocks=False
            )
        if len(said[f"{who}_name"].split()) < 2:
            yield Problem(f"{who}_name", "Write the first and the last name.")
    for field, what in (("name", "person"), ("email", "e-mail address")):
        first, second = said[f"first_{field}"].casefold(), said[f"second_{field}"].casefold()
        if first and first == second:
            yield Problem(
                f"second_{field}", f"This is the same {what} as above. Two different people are needed."
            )


def _phones(said: Mapping[str, str], country: str, own_numbers: frozenset[str]) -> Iterator[Problem]:
    places = {who: place_of(said[f"{who}_phone"], country) for who in ("first", "second")}
    for who, place in places.items():
        field = f"{who}_phone"
        if place.region is None:
            yield Problem(field, "No telephone has this number. Write it with its area code.")
        elif place.problem is not None:
            yield Problem(
                field,
                "Write a number on which this person can be reached, not a toll-free or service number.",
            )
        elif not domestic(place.region, country):
            yield Problem(field, "This number is of another country than the location.")
        elif place.e164 in own_numbers:
            yield Problem(field, "Agents call from this number. Write the person's own.")
        elif who == "second" and place.e164 == places["first"].e164:
            yield Problem(field, "This is the same number as above. Write one on which this person answers.")


def _use_case(said: Mapping[str, str]) -> Iterator[Problem]:
    if len(said["use_case"]) < SHORTEST_USE_CASE:
        yield Problem(
            "use_case",
            f"Say in at least {SHORTEST_USE_CASE} characters whom you call, why, and how they agreed.",
        )
