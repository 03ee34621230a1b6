"""One target by hand: the same reading and the same words as for a row of the workbook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from opspact.contracts.models import Contract
from opspact.core.fold import Result, fold
from opspact.core.instants import to_us
from opspact.core.states import Observed
from opspact.field.models import Authorisation
from opspact.kit.actions import Caller, action
from opspact.monitoring import alerting, folding, ledger
from opspact.monitoring.ingest import store
from opspact.monitoring.models import Check, Target
from opspact.monitoring.words import NOT_WATCHED
from opspact.monitoring.workbook.drafts import draft_of
from opspact.monitoring.workbook.errors import Problem
from opspact.monitoring.workbook.known import Known
from opspact.monitoring.workbook.sheets import RawRow
from opspact.monitoring.writing import write_drafts


class TargetRefused(Exception):
    """Nothing was changed; `problems` stand at their fields."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(problem.text for problem in problems))
        self.problems = problems


@action("monitoring.target.edit")
def save_target(
    caller: Caller,
    contract: Contract,
    *,
    values: Mapping[str, str],
    authorised_by: str = "",
    reference: str = "",
    is_new: bool = False,
) -> Target:
    """Make or change one check of a target from text by field (the fields of the workbook). Raises TargetRefused.

    An address that was not watched before needs `authorised_by` and `reference`. With `is_new` a check that exists is
    refused instead of changed. Without `asset` or `circuit` among the values what the target watches stays as it is.
    """
    draft, problems, _mended = draft_of(RawRow(0, dict(values)), Known.of(contract, [values]))
    if draft is None:
        raise TargetRefused(problems)
    before = Check.objects.filter(target__contract=contract, target__code=draft.code, kind=draft.kind).first()
    if is_new and before is not None:
        raise TargetRefused([_problem("code", "exists", _("This target has a check of this kind already."))])
    authorisation = None
    if before is None or before.address != draft.address:
        if not authorised_by.strip() or not reference.strip():
            words = _("Say who authorised probing this address, and where that is written down.")
            raise TargetRefused([_problem("authorised_by", "authorisation", words)])
        authorisation = Authorisation.objects.create(
            contract=contract,
            authorised_by=authorised_by.strip()[:120],
            reference=reference.strip()[:200],
            recorded_by=caller.user,
            recorded_at=caller.now,
            addresses=[draft.host],
        )
    write_drafts(contract, [draft], authorisation, caller.now)
    caller.note(**draft.to_json())
    return Target.objects.get(contract=contract, code=draft.code)


def _problem(field: str, code: str, words: str) -> Problem:
    return Problem(field, "", code, words.replace("%", "%%"), {})


@action("monitoring.target.edit")
def set_active(caller: Caller, contract: Contract, *, targets: Sequence[Target], active: bool) -> int:
    """Watch these targets of the contract, or stop watching them: then their time is unknown from now on, and their
    alerts end. How many changed."""
    changing = Target.objects.select_for_update().filter(
        contract=contract, pk__in=[target.pk for target in targets], is_active=not active
    )
    codes = list(changing.order_by("code").values_list("code", flat=True))
    foldings = folding.lock(Check.objects.filter(target__in=changing, is_active=True).values_list("pk", flat=True))
    changing.update(is_active=active)
    if active:
        for each in foldings.values():
            ledger.restart(each, caller.now)
    else:
        _lose_sight(foldings, caller)
    folding.save(foldings.values())
    caller.note(active=active, count=len(codes), targets=codes[:100])
    return len(codes)


def _lose_sight(foldings: dict[int, folding.Folding], caller: Caller) -> None:
    """What nobody looks at is unknown. The result that says so is stored like any other, as the proof of the change."""
    at = to_us(caller.now)
    store.make_room([at])
    store.put([(check_id, at, str(Observed.UNKNOWN), None, NOT_WATCHED) for check_id in foldings])
    for each in foldings.values():
        each.newest = Result(at, Observed.UNKNOWN, None, NOT_WATCHED)
        each.state, each.transitions, _late = fold(each.state, [each.newest], each.policy)
    ledger.write(foldings.values())
    alerting.resolve_unwatched(foldings, caller.now)
