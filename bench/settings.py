"""The product's settings with the peer's page beside its own."""

from opspact.config.settings import *  # noqa: F403

ROOT_URLCONF = "bench.urls"
