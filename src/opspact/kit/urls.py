"""The kit's own pages: of the installation, and of each contract."""

from __future__ import annotations

from django.urls import include, path

from opspact.kit.views import home, shell

app_name = "kit"

of_a_contract = [
    path("", home.contract_home, name="contract_home"),
    path("search/", shell.search, name="search"),
    path("indicators/", shell.indicators, name="indicators"),
]
urlpatterns = [
    path("", home.start, name="start"),
    path("preferences/", shell.set_preferences, name="preferences"),
    path("c/<slug:contract>/", include(of_a_contract)),
]
