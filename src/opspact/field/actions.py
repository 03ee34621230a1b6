"""Registering collectors."""

from __future__ import annotations

from pathlib import Path

from django.db import transaction

from opspact.field.models import Collector
from opspact.kit.actions import Caller, action

LOCAL = "local"


@action("field.collector.manage")
def register_collector(caller: Caller, collector: Collector) -> str:
    """Register (or re-key) `collector`; answers its token, which is shown once and kept only as a hash."""
    token = Collector.new_token()
    collector.token_sha256 = Collector.digest(token)
    collector.registered_at = caller.now
    collector.save()
    return token


def register_local_collector(caller: Caller, token_file: Path) -> Collector:
    """The collector of this machine. Its token lies in the data directory; a token that no longer fits is replaced."""
    present = Collector.objects.filter(code=LOCAL).first()
    if present and token_file.exists() and present.token_sha256 == Collector.digest(token_file.read_text().strip()):
        return present
    with transaction.atomic():
        collector = present or Collector(code=LOCAL, name="本机采集器")
        token = register_collector(caller, collector)
        token_file.touch(mode=0o600)
        token_file.write_text(token)
    return collector
