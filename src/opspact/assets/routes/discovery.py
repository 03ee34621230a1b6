"""Proposals from discovery, and bringing facts in."""

from django.urls import path

from opspact.assets.views.discovery import FactsPage, ProposalsPage

urlpatterns = [
    path("discovery/", ProposalsPage.as_view(), name="discovery"),
    path("facts/", FactsPage.as_view(), name="facts"),
]
