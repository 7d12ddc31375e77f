"""Whether the business that a form names as the caller is this one: names compared as people write them. No Django.

Consent is given to a seller (47 CFR 64.1200(f)(9)), so consent to another one allows no call of ours.
"""

import re
import unicodedata
from collections.abc import Iterable

# "Acme LLC d/b/a Bright Smile" is two names of one business.
_ALIAS = re.compile(r"\b(?:d\s?/?\s?b\s?/?\s?a|t\s?/\s?a|doing business as|trading as)\b", re.IGNORECASE)
_LEGAL_FORM = re.compile(
    r"(?: (?:inc|incorporated|llc|l l c|limited liability company|ltd|limited|co|company|corp|corporation|plc|llp|lp"
    r"|pllc|pc|p c|pa|pty|proprietary|gmbh|ag|ug|kg|ohg|ev|sl|s l|slu|s l u|slp|sll|sa|s a|sau|sas|sarl|srl|spa|bv"
    r"|nv|oy|ab|aps|sa de cv|s coop|lda))+$"
)


def same_business(seller: str, names: Iterable[str]) -> bool:
    """Whether `seller` is one of `names`, whatever its case, accents, punctuation or legal form (LLC, S.L.).

    Where it has an alias ("d/b/a"), both have to be.
    """
    known = {key for name in names for key in _keys(name)}
    said = _keys(seller)
    return bool(said) and all(key in known for key in said)


def _keys(name: str) -> list[str]:
    return [key for part in _ALIAS.split(name.replace(".", "")) if (key := _key(part))]


def _key(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.replace("&", " and ").casefold())
    kept = "".join(c for c in plain if not unicodedata.combining(c) and c not in "'’‘`´")
    return _LEGAL_FORM.sub("", " ".join(re.sub(r"[\W_]+", " ", kept).split()))
