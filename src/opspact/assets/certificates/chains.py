"""The chain of a certificate: from the certificate itself to its root, what is missing, what does not belong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.x509 import verification

from opspact.assets.certificates.facts import extension, is_self_signed, is_sm2
from opspact.core.words import N_

Saying = tuple[str, dict[str, object]]
"""A msgid and its parameters."""


@dataclass(frozen=True)
class Chain:
    """`links` from the certificate to the last issuer that is there; `others` belong to no link.

    `is_complete`: it ends in a self-signed root. `in_order`: the file had the links in this order.
    `sayings` are what should be known about it, in words.
    """

    links: tuple[x509.Certificate, ...]
    others: tuple[x509.Certificate, ...] = ()
    is_complete: bool = False
    in_order: bool = True
    sayings: tuple[Saying, ...] = ()


def chain_of(certificates: Sequence[x509.Certificate], at: datetime) -> Chain:
    """The chain among these certificates, judged as of `at` (aware). There must be one certificate at least."""
    leaf = leaf_of(certificates)
    links = [leaf]
    while not is_self_signed(links[-1]):
        issuer = next((each for each in certificates if each not in links and _issued(each, links[-1])), None)
        if issuer is None:
            break
        links.append(issuer)
    others = tuple(each for each in certificates if each not in links)
    in_order = list(certificates[: len(links)]) == links
    is_complete = is_self_signed(links[-1])
    sayings = _sayings(links, others, is_complete=is_complete, in_order=in_order, at=at)
    return Chain(tuple(links), others, is_complete, in_order, tuple(sayings))


def leaf_of(certificates: Sequence[x509.Certificate]) -> x509.Certificate:
    """The first that has issued none of the others: of a chain in any order, the certificate it is about."""
    for each in certificates:
        if not any(other is not each and _issued(each, other) for other in certificates):
            return each
    return certificates[0]


def _issued(issuer: x509.Certificate, issued: x509.Certificate) -> bool:
    if issuer.subject != issued.issuer:
        return False
    try:
        issued.verify_directly_issued_by(issuer)
    except UnsupportedAlgorithm:
        return True  # by its name: the signature is of a kind that can't be checked here
    except Exception:
        return False
    return True


def _sayings(
    links: Sequence[x509.Certificate],
    others: Sequence[x509.Certificate],
    *,
    is_complete: bool,
    in_order: bool,
    at: datetime,
) -> list[Saying]:
    found: list[Saying] = []
    if len(links) == 1 and is_complete:
        found.append((N_("Self-signed: nobody but its maker vouches for it."), {}))
    elif not is_complete:
        missing = links[-1].issuer.rfc4514_string()
        found.append(
            (N_("The chain ends before its root; the issuer is not in the file: %(issuer)s"), {"issuer": missing})
        )
    if not in_order:
        found.append(
            (N_("The file did not have the chain in order; servers need the certificate first, then each issuer."), {})
        )
    if others:
        found.append((N_("%(count)s certificates of the file do not belong to this chain."), {"count": len(others)}))
    found += [
        (N_("An issuer in the chain has expired: %(subject)s"), {"subject": each.subject.rfc4514_string()})
        for each in links[1:]
        if each.not_valid_after_utc < at
    ]
    if any(is_sm2(each) for each in links):
        found.append((N_("SM2: shown as the certificate says, its signature can't be verified here."), {}))
    elif is_complete and len(links) > 1:
        found.append(_verified(links, at))
    return found


def _verified(links: Sequence[x509.Certificate], at: datetime) -> Saying:
    """What path validation (RFC 5280) says with the chain's own root as the only trusted one."""
    try:
        name = _a_name(links[0])
        store = verification.Store([links[-1]])
        builder = verification.PolicyBuilder().store(store).time(at.replace(tzinfo=None))
        if name is None:
            builder.build_client_verifier().verify(links[0], list(links[1:-1]))
        else:
            builder.build_server_verifier(name).verify(links[0], list(links[1:-1]))
    except (verification.VerificationError, UnsupportedAlgorithm, ValueError) as error:
        return N_("Path validation up to its own root fails: %(reason)s"), {"reason": str(error)[:200]}
    return N_("Path validation up to its own root succeeds."), {}


def _a_name(certificate: x509.Certificate) -> verification.Subject | None:
    """A name to verify for: validation always asks about one."""
    for each in extension(certificate, x509.SubjectAlternativeName) or ():
        if isinstance(each, x509.DNSName):
            return x509.DNSName(each.value.replace("*", "any", 1))
        if isinstance(each, x509.IPAddress):
            return each
    return None
