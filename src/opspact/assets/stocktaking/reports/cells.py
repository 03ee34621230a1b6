"""Cells of a filled list: their values, the place they say, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from opspact.assets.stocktaking.places import Place
from opspact.core.inputs import Wrong
from opspact.core.words import N_
from opspact.kit.ledgers import Field
from opspact.kit.ledgers.sheets import RawRow

Problem = tuple[str, str, str]
"""Cell, column and sentence."""


class Refused(Exception):
    """A row can't be taken because of what is in the cell of this field."""

    def __init__(self, name: str, wrong: Wrong) -> None:
        super().__init__(name)
        self.name, self.wrong = name, wrong

    def problem(self, row: RawRow, fields: Mapping[str, Field]) -> Problem:
        """In the reader's language."""
        cell = row.cells.get(self.name, str(row.number))
        return cell, str(fields[self.name].label), _(self.wrong.msgid) % self.wrong.params


def parsed(row: RawRow, each: Field) -> Any:
    try:
        return each.parse(row.values.get(each.name))
    except Wrong as wrong:
        raise Refused(each.name, wrong) from wrong


def placed(values: Mapping[str, Any]) -> Place:
    """The place that `room` and `rack` say; none where both are empty."""
    room, rack = values["room"], values["rack"]
    if rack is not None:
        if room is not None and rack.room_id != room.pk:
            raise Refused("rack", Wrong(N_("this rack does not stand in that room")))
        return Place(rack.room.site_id, rack.room_id, rack.pk)
    return Place(room.site_id, room.pk) if room is not None else Place()
