"""One real PostgreSQL for the whole run: the embedded one, or the server that OPSPACT_DATABASE_URL names."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import django
import pytest
from django.utils import translation

_server = None
_folder = None


def _start_server() -> None:
    global _server, _folder
    from opspact.runtime.paths import DataDirectory
    from opspact.runtime.postgres import EmbeddedPostgres
    from opspact.runtime.privileges import Person

    _folder = tempfile.mkdtemp(prefix="opspact-test-")
    Path(_folder).chmod(0o755)
    person = Person.for_this_process()
    data = DataDirectory(Path(_folder))
    data.prepare(person)
    _server = EmbeddedPostgres(data, person)
    access = _server.start()
    os.environ["OPSPACT_DATA"] = _folder
    os.environ["OPSPACT_DATABASE_URL"] = access.superuser_url.rsplit("/", 1)[0] + "/opspact"


def _prepare() -> None:
    """Start the server in the controlling process; xdist's workers inherit its address.

    Done when this file is read: pytest reads the rooms' own conftest files, which import models, before it configures.
    The settings are named here and not in pyproject.toml, because pytest-django would read those before this runs.
    """
    if not os.environ.get("OPSPACT_DATABASE_URL"):
        _start_server()
    os.environ["DJANGO_SETTINGS_MODULE"] = "opspact.config.settings"
    os.environ["OPSPACT_REQUIRE_TOTP"] = "0"  # tests of the second factor ask for it themselves
    django.setup()


_prepare()


def pytest_unconfigure(config: pytest.Config) -> None:
    if _server is not None:
        _server.stop()
        shutil.rmtree(_folder, ignore_errors=True)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Without --deep the long runs are not part of the run: left out, not skipped."""
    if os.environ.get("OPSPACT_DEEP") == "1":
        return
    long = [item for item in items if item.get_closest_marker("deep")]
    if long:
        config.hook.pytest_deselected(items=long)
        items[:] = [item for item in items if item not in long]


@pytest.fixture(autouse=True)
def _in_chinese() -> Iterator[None]:
    """Each test begins in the program's first language, whatever the one before it was reading."""
    translation.activate("zh-hans")
    yield
    translation.deactivate()


@pytest.fixture(scope="session")
def end_of_server_sessions(django_db_setup, django_db_blocker) -> Iterator[None]:
    """For tests with `live_server`: its threads keep pooled connections to the end of the run, and PostgreSQL drops no
    database that somebody is using. Once for the run, because the server is shared by all modules that use one."""
    yield
    from django.db import connection

    with django_db_blocker.unblock():
        connection.close()
        connection.close_pool()
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
