"""Messages to a person inside OpsPact. Delivery by mail or messenger builds on these rows."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Message(models.Model):
    """`text` is an English msgid with `params`, so that each reader sees it in their own language."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="messages_received")
    contract_code = models.CharField(max_length=40, blank=True, default="")
    at = models.DateTimeField(_("Time"))
    kind = models.CharField(max_length=60)
    text = models.CharField(max_length=300)
    params = models.JSONField(default=dict)
    url = models.CharField(max_length=300, blank=True, default="")
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("Message")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["user", "-id"], condition=models.Q(read_at=None), name="message_unread"),
            models.Index(fields=["user", "-id"], name="message_all"),
        ]

    def __str__(self) -> str:
        return self.text
