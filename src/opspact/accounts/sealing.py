"""Secrets of the second factor are kept sealed: whoever copies the database can't make codes.

SM4-GCM with a key derived from the installation's key, which lies in the data directory and never in the database.
"""

from __future__ import annotations

import base64
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

_MARK = "sm4gcm:"
_NONCE, _TAG = 12, 16


def seal(text: str) -> str:
    nonce = os.urandom(_NONCE)
    encryptor = Cipher(algorithms.SM4(_key()), modes.GCM(nonce)).encryptor()
    sealed = encryptor.update(text.encode()) + encryptor.finalize()
    return _MARK + base64.b64encode(nonce + encryptor.tag + sealed).decode()


def unseal(sealed: str) -> str:
    """Raises ValueError when it was not sealed here, was changed, or the installation's key is another."""
    if not sealed.startswith(_MARK):
        raise ValueError("not sealed")
    raw = base64.b64decode(sealed.removeprefix(_MARK))
    nonce, tag, body = raw[:_NONCE], raw[_NONCE : _NONCE + _TAG], raw[_NONCE + _TAG :]
    decryptor = Cipher(algorithms.SM4(_key()), modes.GCM(nonce, tag)).decryptor()
    try:
        return (decryptor.update(body) + decryptor.finalize()).decode()
    except InvalidTag:
        raise ValueError("sealed with another key, or changed") from None


def _key() -> bytes:
    return HKDF(SHA256(), 16, salt=None, info=b"opspact.accounts.second-factor").derive(settings.SECRET_KEY.encode())
