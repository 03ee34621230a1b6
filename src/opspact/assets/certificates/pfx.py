"""Opening a PFX in a process of its own: the file says how many rounds its key takes, and nothing bounds what it says.

`python -m opspact.assets.certificates.pfx` reads {"content": base64, "passwords": […]} and answers with one of
{"certificates": [PEM, …], "has_key": …}, {"refused": "password"} and {"refused": "unreadable"}.
"""

from __future__ import annotations

import base64
import json
import resource
import subprocess
import sys
from typing import Any

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding, pkcs12

MOST_BYTES = 1 << 30
"""Of memory: a file may ask for any amount of it to derive its key (scrypt)."""
SECONDS = 10
"""What an honest file takes at most; Windows writes 2,000 rounds, OpenSSL 2,048, both opened in milliseconds."""


def opened(content: bytes, password: str) -> dict[str, Any]:
    """The answer of the other process. Raises TimeoutError; password and key are known to that process only."""
    passwords: list[str | None] = [password] if password else [None, ""]
    asked = json.dumps({"content": base64.b64encode(content).decode(), "passwords": passwords})
    command = [sys.executable, "-P", "-m", __name__]
    try:
        done = subprocess.run(command, input=asked, capture_output=True, text=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        raise TimeoutError from None
    if done.returncode != 0:  # it took more memory than there is for it, or the reader itself broke on it
        return {"refused": "unreadable"}
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def _answer(content: bytes, passwords: list[str | None]) -> dict[str, Any]:
    for password in passwords:
        try:
            found = pkcs12.load_pkcs12(content, None if password is None else password.encode())
        except UnsupportedAlgorithm:
            return {"refused": "unreadable"}
        except x509.InvalidVersion:
            return {"refused": "unreadable"}
        except ValueError as error:
            if "password" not in str(error).lower():
                return {"refused": "unreadable"}
            continue
        own = [found.cert.certificate] if found.cert else []
        certificates = [*own, *(each.certificate for each in found.additional_certs)]
        pems = [each.public_bytes(Encoding.PEM).decode() for each in certificates]
        return {"certificates": pems, "has_key": found.key is not None}
    return {"refused": "password"}


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))
    asked = json.load(sys.stdin)
    json.dump(_answer(base64.b64decode(asked["content"]), asked["passwords"]), sys.stdout)
