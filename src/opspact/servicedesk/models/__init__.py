"""Incidents and their events."""

from opspact.servicedesk.models.event import IncidentEvent
from opspact.servicedesk.models.incident import Incident

__all__ = ["Incident", "IncidentEvent"]
