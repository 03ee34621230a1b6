"""Building the demo world, once; at later starts only the live checks follow the machine's ports."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from opspact.contracts.actions import load_contract
from opspact.demo import ledgers, tickets, year
from opspact.demo.live import build_live_checks
from opspact.demo.people import make_people
from opspact.identity.models import User
from opspact.kit.actions import Caller
from opspact.kit.models import Message

CONTRACT_FILES = ("self", "beijing-2022")


def examples() -> Path:
    """The folder with the example contracts, in a checkout or installed beside the package."""
    beside = settings.PACKAGE / "examples"
    return beside if beside.is_dir() else settings.PACKAGE.parent.parent / "examples"


@transaction.atomic
def build(caller: Caller, notes: Path) -> None:
    """Load the two contracts and fill them. The accounts and their password are written to `notes`."""
    loaded = {}
    for name in CONTRACT_FILES:
        file = examples() / name / "contract.yaml"
        loaded[name], _ = load_contract(caller, file.read_bytes(), name=file.name)
    live, simulated = loaded["self"], loaded["beijing-2022"]
    if not User.objects.exists():
        parties = {party.part: party.organisation for party in simulated.parties.select_related("organisation")}
        people = make_people(caller, parties, notes)
        checks = year.build_targets(caller, simulated)
        happened = year.build_ledgers(simulated, checks, people["client"])
        tickets.build_incidents(simulated, people, checks, happened)
        ledgers.build(Caller(people["manager"], caller.now, caller.via), simulated)
        # A year of notices nobody has to read.
        Message.objects.filter(contract_code=simulated.code).update(read_at=timezone.now())
    build_live_checks(caller, live)
