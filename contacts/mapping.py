"""Which column is what: guessed from headers in English and Spanish and from the cells under them. No Django here.

A mapping is {"phone": 2, "first_name": 0, "fields.Member no": 7}: our field to the position of its column.
"""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from contacts import values

# Field -> its words for people. Every target a column may have beside "keep as a field of its own".
FIELDS = {
    "phone": "Phone number",
    "first_name": "First name",
    "last_name": "Last name",
    "name": "Full name",
    "email": "E-mail",
    "language": "Language",
    "state": "State",
    "postal_code": "ZIP or postal code",
    "timezone": "Time zone",
    "tags": "Tags",
    "consent": "Consent",
    "consent_date": "Date of consent",
    "consent_source": "Source of consent",
    "consent_purpose": "Purpose of consent",
    "consent_seller": "Seller named in the consent",
    "dnd": "Do not call",
    "notes": "Notes",
}
CUSTOM = "fields."
SAMPLES_SHOWN = 3  # cells under each column's choice

# Folded headers (no accents, no case, single spaces) that mean a field, most telling first. A header that equals one
# wins over a header that merely contains its words.
_HEADERS: dict[str, tuple[str, ...]] = {
    "dnd": (
        "do not disturb", "do not call", "dnd", "dnc", "no molestar", "no llamar", "no contactar", "do not contact",
        "opted out", "opt out", "unsubscribed", "baja",
    ),
    "consent_date": (
        "consent date", "date of consent", "opt in date", "opt in at", "consented at", "consented on", "consented",
        "fecha de consentimiento", "fecha consentimiento", "consent given on",
    ),
    "consent_source": (
        "consent source", "source of consent", "opt in source", "consent evidence", "origen del consentimiento",
        "fuente del consentimiento", "evidencia",
    ),
    "consent_purpose": (
        "consent purpose", "purpose of consent", "purpose of the consent", "opt in purpose", "purpose of opt in",
        "finalidad del consentimiento", "finalidad consentimiento", "proposito del consentimiento",
    ),
    "consent_seller": (
        "consent seller", "seller named in the consent", "seller named in consent", "seller of consent",
        "seller in consent", "consent business", "consent company", "opt in seller", "business consented to",
        "empresa del consentimiento", "empresa consentimiento", "vendedor del consentimiento",
    ),
    "consent": (
        "ok to call", "okay to call", "may call", "consent", "opt in", "opted in", "permission", "permission to call",
        "consentimiento", "consiente", "acepta llamadas", "autoriza", "permiso", "can call",
    ),
    "phone": (
        "phone", "phone number", "mobile", "mobile phone", "mobile number", "cell", "cell phone", "cellphone",
        "telephone", "tel", "primary phone", "contact number", "whatsapp", "telefono", "telefono movil", "movil",
        "celular", "numero de telefono", "tfno", "tlf", "handy", "telefon",
    ),
    "first_name": (
        "first name", "firstname", "first", "given name", "forename", "fname", "nombre", "nombres", "nombre de pila",
    ),
    "last_name": (
        "last name", "lastname", "last", "surname", "family name", "lname", "apellido", "apellidos", "primer apellido",
    ),
    "name": (
        "name", "full name", "fullname", "contact name", "customer", "customer name", "patient", "patient name",
        "nombre completo", "nombre y apellidos", "cliente", "paciente", "contact",
    ),
    "email": ("e mail", "email", "email address", "e mail address", "mail", "correo", "correo electronico"),
    "language": ("language", "lang", "preferred language", "idioma", "lengua", "locale"),
    "timezone": ("time zone", "timezone", "tz", "zona horaria", "huso horario"),
    "state": (
        "state", "state region", "state province", "state prov", "state or province", "state territory", "us state",
        "state us", "state code", "state name", "state abbreviation", "state abbr", "home state", "state of residence",
        "residence state", "address state", "mailing state", "billing state", "customer state", "contact state",
        "client state", "patient state", "st", "province", "province state", "provincia", "estado", "estado provincia",
        "estado region",
    ),
    "postal_code": (
        "zip", "zip code", "zipcode", "postal code", "postalcode", "postcode", "post code", "zip postal code",
        "zip postcode", "zip 4", "home zip", "address zip", "mailing zip", "billing zip", "billing zip code", "postal",
        "codigo postal", "cod postal", "cp", "c p",
    ),
    "tags": ("tags", "tag", "labels", "label", "segments", "groups", "etiquetas", "etiqueta", "grupos"),
    "notes": ("notes", "note", "comments", "comment", "remarks", "notas", "nota", "comentarios", "observaciones"),
}  # fmt: skip
PHONE_HEADERS = _HEADERS["phone"]
# "Estado civil", "Lead state" and "St. name" only contain such a word. A plain "Purpose" is mostly that of a visit, a
# plain "Seller" somebody who sells a house: neither is guessed.
_WHOLE_HEADER = ("state", "postal_code", "consent_purpose", "consent_seller")
_PHONE_LIKE = re.compile(r"^(?:tel:)?\s*\+?[\d(][\d\s().\-/]{6,19}$")
_EMAIL_LIKE = re.compile(r"^[^@\s]+@[^@\s]+\.[^@\s]+$")


def fold(text: str) -> str:
    """A header or word for comparing: no accents, case or punctuation, single spaces."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return " ".join(re.sub(r"[^\w]+|_", " ", bare.casefold()).split())


def guess(headers: list[str], samples: list[list[str]], has_header: bool = True) -> dict[str, int]:
    """The likeliest mapping. Columns that mean nothing to us are kept as fields of their own when they have a name."""
    mapping = by_header(headers, _HEADERS) if has_header else {}
    taken = set(mapping.values())
    for field, looks in (("phone", _PHONE_LIKE), ("email", _EMAIL_LIKE)):
        if field not in mapping:
            position = _column_like(samples, len(headers), looks, taken)
            if position is not None:
                mapping[field] = position
                taken.add(position)
    if "first_name" in mapping and "name" in mapping:
        taken.discard(mapping.pop("name"))
    if "last_name" in mapping and "name" in mapping:
        mapping["first_name"] = mapping.pop("name")
    if has_header:
        mapping |= {CUSTOM + header: n for n, header in enumerate(headers) if n not in taken}
    return mapping


def by_header(headers: list[str], table: Mapping[str, tuple[str, ...]]) -> dict[str, int]:
    """The column of each field whose folded words (most telling first) a header equals or, failing that, contains."""
    found: dict[str, int] = {}
    folded = [fold(header) for header in headers]
    for exact in (True, False):
        for field, words in table.items():
            if field not in found and (exact or field not in _WHOLE_HEADER):
                position = _column_called(folded, words, set(found.values()), exact)
                if position is not None:
                    found[field] = position
    return found


def phone_column(samples: list[list[str]], width: int, taken: set[int]) -> int | None:
    """The column that looks most like phone numbers, if at least half of it does."""
    return _column_like(samples, width, _PHONE_LIKE, taken)


def _column_called(folded: list[str], words: tuple[str, ...], taken: set[int], exact: bool) -> int | None:
    for word in words:
        for position, header in enumerate(folded):
            if position in taken or not header:
                continue
            if header == word if exact else re.search(rf"\b{word}\b", header) is not None:
                return position
    return None


def _column_like(samples: list[list[str]], width: int, looks: re.Pattern[str], taken: set[int]) -> int | None:
    """The column most of whose cells look like it, at least half of them."""
    best, best_share = None, 0.5
    for position in range(width):
        cells = [row[position] for row in samples if position < len(row) and row[position]]
        if position in taken or not cells:
            continue
        share = sum(
            looks.match(values.visible(cell)) is not None and values.date_in(cell) is None for cell in cells
        ) / len(cells)
        if share > best_share or (best is None and share == best_share):
            best, best_share = position, share
    return best


def columns_of(sheet: dict[str, Any], mapping: Mapping[str, int]) -> list[dict[str, Any]]:
    """What a page shows of each column: position, header, field ("own" for one of its own) and some of its cells."""
    fields = {position: field for field, position in mapping.items()}
    columns = []
    for position, header in enumerate(sheet["headers"]):
        field = fields.get(position, "")
        seen = [
            cells[position][:60] for _, cells in sheet["samples"] if position < len(cells) and cells[position]
        ]
        columns.append(
            {
                "position": position,
                "header": header,
                "field": "own" if field.startswith(CUSTOM) else field,
                "samples": list(dict.fromkeys(seen))[:SAMPLES_SHOWN],
            }
        )
    return columns


def problems(mapping: dict[str, int], width: int) -> list[str]:
    """What keeps a mapping from being used, in words; nothing when it is fine."""
    found = []
    if "phone" not in mapping:
        found.append("Choose the column that holds the phone number.")
    for field, position in mapping.items():
        if not 0 <= position < width:
            found.append(f"{FIELDS.get(field, field)} points at a column that the file does not have.")
    if len(set(mapping.values())) != len(mapping):
        found.append("A column can be used once only.")
    return found
