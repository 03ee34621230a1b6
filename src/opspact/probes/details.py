"""The detail of a result: a stable code and at most one argument, ``code`` or ``code: argument``, and its words.

Codes and not sentences travel and are stored, so that a page can say them in its reader's language.
"""

from opspact.core.words import N_
from opspact.probes.wire import MAX_DETAIL

WORDS: dict[str, str] = {
    # down
    "refused": N_("The connection was refused."),
    "timeout": N_("No answer within the time limit."),
    "dns": N_("The name could not be resolved: %(arg)s"),
    "unreachable": N_("The network reports the host as unreachable."),
    "closed": N_("The connection was closed before an answer came."),
    "network": N_("The connection failed: %(arg)s"),
    "tls": N_("The TLS handshake failed: %(arg)s"),
    "untrusted": N_("The certificate is not trusted: %(arg)s"),
    "expired": N_("The certificate expired on %(arg)s."),
    "not_yet_valid": N_("The certificate is not valid before %(arg)s."),
    "status": N_("The server answered with status %(arg)s."),
    "text": N_("The expected text is not on the page."),
    "redirects": N_("The server redirects without end."),
    "http": N_("The answer is not valid HTTP: %(arg)s"),
    "no_reply": N_("No echo reply to %(arg)s packets."),
    # degraded
    "slow": N_("The answer took %(arg)s ms."),
    "loss": N_("%(arg)s%% of the packets were lost."),
    "expires": N_("The certificate expires on %(arg)s."),
    # unknown: the collector could not see
    "lag": N_("The collector itself was late, so its failures don't count."),
    "uplink": N_("The collector's own network was down."),
    "clock": N_("The collector's clock jumped."),
    "resolver": N_("The name server of the collector did not answer: %(arg)s"),
    "no_route": N_("The collector has no route to this address."),
    "capacity": N_("The collector had too many probes running."),
    "icmp": N_("The collector may not send ICMP; this mends it: %(arg)s"),
    "kind": N_("The collector is too old for this kind of check: %(arg)s"),
    "settings": N_("The settings of the check can't be read: %(arg)s"),
    "internal": N_("The collector failed while probing: %(arg)s"),
}

MISSED_WORDS: dict[str, str] = {
    "busy": N_("The check's previous run had not finished."),
    "capacity": N_("The collector had too many probes running."),
    "lag": N_("The collector was late: the time was over before it could look."),
    "clock": N_("The collector's clock jumped over it."),
    "stopped": N_("The collector was not running."),
    "dropped": N_("The collector's disk was full, and the oldest results were dropped."),
}
"""The words for the reasons of missed intervals, by :class:`opspact.probes.wire.MissedReason`."""


def detail(code: str, arg: object = "") -> str:
    """The wire form of a detail, at most 200 printable characters."""
    if code not in WORDS:
        raise KeyError(code)
    text = "".join(character if character.isprintable() else " " for character in str(arg)).strip()
    return f"{code}: {text}"[:MAX_DETAIL] if text else code


def explain(text: str) -> tuple[str, dict[str, str]]:
    """The msgid and its parameters for a detail from the wire; one that is not known here is its own words.

    >>> explain("status: 503")
    ('The server answered with status %(arg)s.', {'arg': '503'})
    """
    code, _, arg = text.partition(": ")
    return (WORDS[code], {"arg": arg}) if code in WORDS else ("%(arg)s", {"arg": text})
