"""A filled workbook: kept as a preview, then applied against what holds by then."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from opspact.contracts.models import Contract
from opspact.field.models import Authorisation
from opspact.kit.actions import Caller, action
from opspact.monitoring.models import TargetImport
from opspact.monitoring.workbook import PreviewRow, export, read
from opspact.monitoring.workbook.drafts import draft_of
from opspact.monitoring.workbook.known import Known
from opspact.monitoring.workbook.preview import Status, compare
from opspact.monitoring.workbook.sheets import RawRow
from opspact.monitoring.writing import write_drafts


@action("monitoring.target.import")
def upload(caller: Caller, contract: Contract, *, content: bytes, name: str) -> TargetImport:
    """Read a workbook and keep its preview. Raises WorkbookError for a file that can't be read."""
    preview = read(contract, content, name)
    caller.note(file=name, **preview.counts)
    return TargetImport.objects.create(
        contract=contract,
        uploaded_by=caller.user,
        uploaded_at=caller.now,
        file_name=name[:200],
        sha256=preview.sha256,
        rows=[row.to_json() for row in preview.rows],
        counts=preview.counts,
    )


@action("monitoring.target.export")
def export_targets(caller: Caller, contract: Contract, *, language: str) -> bytes:
    """Every check of the contract as a workbook. Addresses leave the house: who took them is in the audit."""
    content = export(contract, language)
    caller.note(sha256=hashlib.sha256(content).hexdigest())
    return content


def review(target_import: TargetImport) -> list[PreviewRow]:
    """The rows once more, judged by what holds now: systems, sites and targets may have changed since."""
    known = Known.of(target_import.contract, [data["values"] for data in target_import.rows])
    rows = []
    for data in target_import.rows:
        row = PreviewRow.from_json(data)
        if row.draft is not None:
            row = _again(row, known)
        rows.append(row)
    return compare(target_import.contract, rows)


def _again(row: PreviewRow, known: Known) -> PreviewRow:
    draft, problems, mended = draft_of(RawRow(row.number, dict(row.values), _cells(row)), known)
    return PreviewRow(row.number, Status.NEW, row.values, draft, {}, problems, mended)


def _cells(row: PreviewRow) -> dict[str, str]:
    return {each.field: each.cell for each in (*row.problems, *row.mended)}


@action("monitoring.target.import")
def apply_import(
    caller: Caller, target_import: TargetImport, *, only_good: bool, authorised_by: str, reference: str
) -> dict[str, int]:
    """Write the new and changed rows, all of them or, with `only_good`, those that nothing is wrong with.

    `authorised_by` and `reference` say who allowed these addresses to be probed, and where that is written down. The
    counts by status are those of this moment. Raises ValidationError.
    """
    locked = TargetImport.objects.select_for_update().get(pk=target_import.pk)
    Contract.objects.select_for_update().get(pk=locked.contract_id)  # one import of a contract after the other
    if locked.state == TargetImport.State.APPLIED:
        raise ValidationError(_("This import was applied already."))
    if not authorised_by.strip() or not reference.strip():
        raise ValidationError(_("Say who authorised probing these addresses, and where that is written down."))
    rows = review(locked)
    wrong = [row for row in rows if row.status is Status.WRONG]
    if wrong and not only_good:
        raise ValidationError(_first_problem(wrong))
    due = [row.draft for row in rows if row.status in (Status.NEW, Status.CHANGED) and row.draft]
    authorisation = Authorisation.objects.create(
        contract=locked.contract,
        authorised_by=authorised_by.strip()[:120],
        reference=reference.strip()[:200],
        recorded_by=caller.user,
        recorded_at=caller.now,
        addresses=sorted({draft.host for draft in due}),
    )
    write_drafts(locked.contract, due, authorisation, caller.now)
    counts = {str(status): sum(row.status is status for row in rows) for status in Status}
    locked.state, locked.applied_at, locked.counts = TargetImport.State.APPLIED, caller.now, counts
    locked.authorisation, locked.rows = authorisation, [row.to_json() for row in rows]
    locked.save()
    target_import.refresh_from_db()
    caller.note(file=locked.file_name, authorised_by=authorisation.authorised_by, reference=reference, **counts)
    return counts


def _first_problem(wrong: Sequence[PreviewRow]) -> str:
    first = wrong[0]
    return _("%(count)s rows are wrong, the first is row %(row)s: %(problem)s") % {
        "count": len(wrong),
        "row": first.number,
        "problem": first.problems[0].text,
    }
