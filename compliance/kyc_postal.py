"""How a country writes its postal codes, with an example of each (Universal Postal Union). No Django here.

The United States are not here: compliance.kyc_zip also knows which state a ZIP code belongs to.
"""

import re

_FOUR = (r"[1-9]\d{3}", "1010")
_PATTERNS = {
    "AT": _FOUR,
    "AU": (r"(?:0[289]|[1-9]\d)\d{2}", "2000"),
    "BE": _FOUR,
    "BG": _FOUR,
    "BR": (r"\d{5}-?\d{3}", "01310-100"),
    "CA": (r"[ABCEGHJ-NPRSTVXY]\d[ABCEGHJ-NPRSTV-Z] ?\d[ABCEGHJ-NPRSTV-Z]\d", "K1A 0B1"),
    "CH": _FOUR,
    "CZ": (r"[1-7]\d{2} ?\d{2}", "110 00"),
    "DE": (r"(?!00|99999)\d{5}", "10115"),
    "DK": (r"\d{4}", "1050"),
    "ES": (r"(?:0[1-9]|[1-4]\d|5[0-2])\d{3}", "28013"),
    "FI": (r"\d{5}", "00100"),
    "FR": (r"(?:0[1-9]|[1-8]\d|9[0-8])\d{3}", "75001"),
    "GB": (r"[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}", "W1G 9QF"),
    "GR": (r"[1-8]\d{2} ?\d{2}", "105 57"),
    "HU": _FOUR,
    "IE": (r"[A-Z]\d[\dW] ?[A-Z\d]{4}", "D02 AF30"),
    "IN": (r"[1-9]\d{2} ?\d{3}", "110 001"),
    "IT": (r"\d{5}", "00118"),
    "JP": (r"\d{3}-?\d{4}", "100-0001"),
    "LU": _FOUR,
    "MX": (r"\d{5}", "06000"),
    "NL": (r"[1-9]\d{3} ?[A-Z]{2}", "1012 JS"),
    "NO": (r"\d{4}", "0150"),
    "NZ": (r"\d{4}", "6011"),
    "PL": (r"\d{2}-\d{3}", "00-001"),
    "PT": (r"[1-9]\d{3}-\d{3}", "1000-001"),
    "RO": (r"\d{6}", "010011"),
    "SE": (r"[1-9]\d{2} ?\d{2}", "111 22"),
    "SG": (r"\d{6}", "018956"),
    "SK": (r"[089]\d{2} ?\d{2}", "811 01"),
}


def misfit(country: str, code: str) -> str | None:
    """An example of the country's codes (ISO 3166) when this cannot be one; None when it can, as far as is known."""
    pattern, example = _PATTERNS.get(country, ("", ""))
    if not pattern or re.fullmatch(pattern, code.strip(), re.ASCII | re.IGNORECASE):
        return None
    return example
