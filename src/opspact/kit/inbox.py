"""Messages to people inside OpsPact: sending, and the reader's own marks."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from opspact.identity.models import User
from opspact.kit.actions import Caller
from opspact.kit.models import Message


def send(
    users: Iterable[User],
    *,
    kind: str,
    text: str,
    at: datetime,
    contract_code: str = "",
    url: str = "",
    **params: Any,
) -> None:
    """Put a message before each of the users, once each.

    `text` is an English msgid marked with `N_`, `params` fill its `%(name)s`; a parameter named `*_word` is a msgid
    itself. `kind` is a registered `InboxKind`.
    """
    receivers = {user.pk: user for user in users if user.is_active}
    Message.objects.bulk_create(
        Message(user=user, contract_code=contract_code, at=at, kind=kind, text=text, params=params, url=url)
        for user in receivers.values()
    )


def words_of(message: Message) -> str:
    """The message in the reader's language."""
    params = {name: _(value) if name.endswith("_word") else value for name, value in message.params.items()}
    return _(message.text) % params


def unread(user: User) -> QuerySet[Message]:
    return Message.objects.filter(user=user, read_at=None)


def mark_read(caller: Caller, messages: QuerySet[Message]) -> int:
    """Mark those of `messages` that are the caller's own and unread; how many they were.

    No action and no audit row: reading one's own mail changes nothing for anybody else.
    """
    if caller.user is None:
        return 0
    return messages.filter(user=caller.user, read_at=None).update(read_at=caller.now)
