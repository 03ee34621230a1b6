"""Is a certificate strong enough, and how long does it still hold?"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta

from opspact.core.words import N_

STEPS = (60, 30, 7, 0)
"""Days before the end at which people are warned; 0 is the end itself."""
LEAST_BITS: Mapping[str, int] = {"RSA": 2048, "DSA": 2048, "DH": 2048, "EC": 224}
"""By the first word of the algorithm; below it a key is weak (GB/T 39786, NIST SP 800-57: 112 bits of strength)."""
BROKEN_HASHES = ("MD2", "MD5", "SHA-1", "SHA1")

_NUMBER = re.compile(r"\d+(\.\d+)+")
"""An object identifier, which `facts` gives where it has no name."""

Saying = tuple[str, dict[str, object]]


def weaknesses(algorithm: str, bits: int | None, signature: str, *, is_root: bool = False) -> list[Saying]:
    """Why the certificate should be replaced though it is valid; nothing when it is strong.

    The signature of a root says nothing: it is trusted by being on a list.
    """
    found: list[Saying] = []
    family = algorithm.split()[0].upper() if algorithm else ""
    least = LEAST_BITS.get(family)
    if least is not None and bits is not None and bits < least:
        words = N_("The %(algorithm)s key has %(bits)s bits; at least %(least)s are needed.")
        found.append((words, {"algorithm": family, "bits": bits, "least": least}))
    broken = next((name for name in BROKEN_HASHES if signature.upper().endswith(name)), None)
    if broken and not is_root:
        words = N_("Signed with %(hash)s, which can be forged; browsers refuse it.")
        found.append((words, {"hash": broken}))
    return found


def unjudged(algorithm: str, signature: str) -> list[Saying]:
    """What nothing here can say of whether it is strong: kinds of keys and signatures it knows by number only."""
    words = N_("Whether %(what)s is strong enough can't be judged here: it is of a kind this platform does not know.")
    return [(words, {"what": each}) for each in dict.fromkeys((algorithm, signature)) if _NUMBER.fullmatch(each)]


def days_left(ends_at: datetime, now: datetime) -> int:
    """Whole days that are left, cut off; negative once it has expired: -1 in the first day after."""
    return (ends_at - now) // timedelta(days=1)


def step_at(ends_at: datetime, now: datetime) -> int | None:
    """Which of STEPS has been reached; None while more than 60 days are left."""
    if ends_at <= now:
        return 0
    reached = [step for step in STEPS if step and ends_at - now <= timedelta(days=step)]
    return min(reached) if reached else None
