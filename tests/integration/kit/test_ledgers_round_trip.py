"""What goes out as a workbook comes back unchanged: every ledger, in both languages, with the records of the demo."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from django.utils import timezone

from opspact.contracts.actions import load_contract
from opspact.demo import ledgers as demo
from opspact.kit.actions import Caller
from opspact.kit.ledgers import imports, workbook
from opspact.kit.ledgers.kinds import LANGUAGES
from opspact.kit.ledgers.ledger import ledgers

pytestmark = pytest.mark.django_db


def test_every_ledger_exported_and_imported_again_is_the_same() -> None:
    caller = Caller.system(now=timezone.now())
    file = Path(__file__).parents[3] / "examples" / "beijing-2022" / "contract.yaml"
    contract, _problems = load_contract(caller, file.read_bytes(), name=file.name)
    demo.build(caller, contract)
    differing = {}
    for ledger in ledgers.all():
        for language in LANGUAGES:
            target = io.BytesIO()
            written = workbook.write(target, ledger, contract, language, ledger.records(contract).order_by(ledger.key))
            assert written, ledger.name
            batch = imports.upload(caller, ledger, contract, content=target.getvalue(), name="回.xlsx", clears=True)
            imports.read(batch, ledger, contract)
            if batch.counts != {"same": written}:
                rows = batch.rows.exclude(status="same").values("changes", "problems")[:2]
                differing[ledger.name, language] = (batch.counts, list(rows))
    assert differing == {}
