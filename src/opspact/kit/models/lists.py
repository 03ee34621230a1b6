"""What people keep about a list: filters with a name, and the columns they chose."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class SavedFilter(models.Model):
    """A tab above a list: the query string of its filters and order. Shared ones are seen by all who see the list."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_filters")
    contract_code = models.CharField(max_length=40, blank=True, default="")
    list_name = models.CharField(max_length=60)
    name = models.CharField(_("Name"), max_length=40)
    query = models.CharField(_("Filter"), max_length=1000, blank=True)
    shared = models.BooleanField(_("For everybody"), default=False)

    class Meta:
        verbose_name = _("Saved filter")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "contract_code", "list_name", "name"], name="saved_filter_one_name_each"
            )
        ]
        indexes = [models.Index(fields=["contract_code", "list_name"], name="saved_filter_of_list")]

    def __str__(self) -> str:
        return self.name


class ListPreference(models.Model):
    """The columns of a list, in the order a person wants them, and how many rows they want to see."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="list_preferences")
    list_name = models.CharField(max_length=60)
    columns = models.JSONField(default=list)
    page_size = models.PositiveSmallIntegerField(default=50)

    class Meta:
        verbose_name = _("List preference")
        constraints = [models.UniqueConstraint(fields=["user", "list_name"], name="list_preference_one_each")]

    def __str__(self) -> str:
        return f"{self.list_name}: {', '.join(self.columns)}"
