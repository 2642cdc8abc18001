"""Fields whose values are encrypted at rest: AES-256-GCM under a key derived from SECRET_KEY.

A sealed value is the text "sealed:1:<key's number>:<nonce and ciphertext, base64>". The key's number tells which secret key it was
sealed with, so that keys can be changed: set the new NETYARD_SECRET_KEY, name the one before in NETYARD_OLD_SECRET_KEYS, run
`./netyard reseal`, then forget the old one. A value without the prefix is read as it is: it was written before values were sealed.
"""

from __future__ import annotations

import base64
import json
import os
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db import models

PREFIX = "sealed:1:"
_NONCE_BYTES = 12


class SealedError(Exception):
    """A value at rest cannot be opened: it was sealed with a secret key that is not known here, or was changed since."""


def seal(text: str) -> str:
    number, key = _key(settings.SECRET_KEY)
    nonce = os.urandom(_NONCE_BYTES)
    closed = key.encrypt(nonce, text.encode("utf-8", "surrogatepass"), number.encode())
    return f"{PREFIX}{number}:{base64.b64encode(nonce + closed).decode()}"


def unseal(value: str) -> str:
    """The text; raises SealedError. A value that was never sealed is given back as it is."""
    if not value.startswith(PREFIX):
        return value
    number, _, body = value[len(PREFIX) :].partition(":")
    key = _keys((settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)).get(number)
    if key is None:
        raise SealedError("A text was sealed with another secret key. Name that key in NETYARD_OLD_SECRET_KEYS.")
    data = base64.b64decode(body)
    try:
        return key.decrypt(data[:_NONCE_BYTES], data[_NONCE_BYTES:], number.encode()).decode("utf-8", "surrogatepass")
    except InvalidTag as error:
        raise SealedError("A sealed text was changed in the database, outside of Netyard. Restore it from a backup.") from error


def is_current(value: str) -> bool:
    """Whether a value at rest is sealed with the key of today."""
    return value.startswith(f"{PREFIX}{_key(settings.SECRET_KEY)[0]}:")


@lru_cache(maxsize=8)
def _keys(secrets: tuple[str, ...]) -> dict[str, AESGCM]:
    return dict(reversed([_key(secret) for secret in secrets]))


@lru_cache(maxsize=8)
def _key(secret: str) -> tuple[str, AESGCM]:
    """The key's number (8 hex digits, which tell nothing of it) and the key."""
    derived = HKDF(algorithm=SHA256(), length=36, salt=None, info=b"netyard values at rest").derive(secret.encode())
    return derived[:4].hex(), AESGCM(derived[4:])


class SealedTextField(models.TextField):  # type: ignore[type-arg]
    """Text, encrypted at rest. Lookups by value find nothing: each sealing differs."""

    def from_db_value(self, value: Any, *_: Any) -> Any:
        return value if value is None else unseal(value)

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)
        return value if value is None else seal(value)


class SealedJSONField(models.TextField):  # type: ignore[type-arg]
    """Any JSON value, encrypted at rest."""

    _pyi_private_set_type: Any  # what django-stubs asks of a field that takes more than its column does
    _pyi_private_get_type: Any

    def from_db_value(self, value: Any, *_: Any) -> Any:
        return value if value is None else json.loads(unseal(value))

    def to_python(self, value: Any) -> Any:
        return value

    def get_prep_value(self, value: Any) -> Any:
        return value if value is None else seal(json.dumps(value))
