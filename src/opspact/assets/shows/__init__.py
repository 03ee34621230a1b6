"""What each subject declares and shows elsewhere: its ledgers, permissions, panels, cards. One module a subject."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from opspact.kit.navigation import heading

for order, label in (
    (10, _("Assets")),
    (30, _("Machine rooms and cabling")),
    (40, _("Networks and lines")),
    (50, _("Software and accounts")),
    (60, _("Terminals")),
    (70, _("Spare parts")),
):
    heading("ledgers", label, order)
