"""Everything that can be done to an incident. Pages, API, shell and jobs all go through these."""

from opspact.servicedesk.actions.ending import (
    accept_proposal,
    cancel,
    close,
    decline_proposal,
    propose_resolution,
    reopen,
    resolve,
    restore,
)
from opspact.servicedesk.actions.handling import (
    arrive,
    assign,
    change_priority,
    comment,
    pause,
    report,
    respond,
    resume,
    take,
)
from opspact.servicedesk.actions.opening import open_incident

__all__ = [
    "accept_proposal",
    "arrive",
    "assign",
    "cancel",
    "change_priority",
    "close",
    "comment",
    "decline_proposal",
    "open_incident",
    "pause",
    "propose_resolution",
    "reopen",
    "report",
    "resolve",
    "respond",
    "restore",
    "resume",
    "take",
]
