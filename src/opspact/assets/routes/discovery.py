"""Proposals from discovery, and bringing facts in."""

from django.urls import path

from opspact.assets.views.discovery import FactsPage, ProposalsPage
from opspact.assets.views.discovery_device import DevicePage, RunPage

urlpatterns = [
    path("discovery/", ProposalsPage.as_view(), name="discovery"),
    path("discovery/<int:pk>/", DevicePage.as_view(), name="discovery_device"),
    path("discovery/runs/<int:pk>/", RunPage.as_view(), name="discovery_run"),
    path("facts/", FactsPage.as_view(), name="facts"),
]
