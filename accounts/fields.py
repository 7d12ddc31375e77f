"""Model fields shared by every app: public codes and secrets at rest."""

import secrets
from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import models

_ALPHABET = b"23456789abcdefghjkmnpqrstuvwxyz"
_LETTER_OF_BYTE = bytes(_ALPHABET[byte % len(_ALPHABET)] for byte in range(256))


def new_code() -> str:
    """A public id: 12 characters without look-alikes, 59 bits, safe in URLs and on the phone."""
    return secrets.token_bytes(12).translate(_LETTER_OF_BYTE).decode()


def new_token() -> str:
    """An unguessable 160-bit token for callback URLs."""
    return secrets.token_hex(20)


class WholeField(models.CharField):
    """A unique text that is only ever looked up whole: on PostgreSQL its one index is that of the constraint."""

    def db_type(self, connection: Any) -> str | None:
        kind = super().db_type(connection)
        # Django gives what it calls varchar(n) a second index, for LIKE; this is the same type by its long name.
        if kind is not None and connection.vendor == "postgresql":
            return kind.replace("varchar", "character varying", 1)
        return kind


class CodeField(WholeField):
    """The public id of a row; primary keys never leave the house."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            **{"max_length": 12, "default": new_code, "unique": True, "editable": False, **kwargs}  # type: ignore[arg-type]
        )


@lru_cache(maxsize=4)
def _fernet(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


class EncryptedTextField(models.TextField):
    """Text encrypted at rest with FIELD_ENCRYPTION_KEYS (newest first: it encrypts, all decrypt).

    Reading a value that no key opens raises ValueError naming the setting. Not searchable.
    """

    def get_prep_value(self, value: Any) -> Any:
        if value in (None, ""):
            return value
        return _fernet(tuple(settings.FIELD_ENCRYPTION_KEYS)).encrypt(str(value).encode()).decode()

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        if value in (None, ""):
            return value
        try:
            return _fernet(tuple(settings.FIELD_ENCRYPTION_KEYS)).decrypt(value.encode()).decode()
        except InvalidToken:
            raise ValueError(
                f"{self.model.__name__}.{self.name} was encrypted with a key that FIELD_ENCRYPTION_KEYS no longer has"
            ) from None
