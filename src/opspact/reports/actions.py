"""Everything that is done with a report."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone

from opspact.contracts.models import Contract, ContractParty
from opspact.core.words import N_
from opspact.fulfilment.assess import Assessment, assess, term_of
from opspact.fulfilment.periods import Period
from opspact.fulfilment.snapshots import keep
from opspact.identity.roles import Role
from opspact.kit import inbox
from opspact.kit.actions import Caller, action
from opspact.kit.models import next_number
from opspact.reports import errors, render, scans, store
from opspact.reports.content import Content, cleaned, digest
from opspact.reports.models import Report
from opspact.reports.weekly import changes, weeks
from opspact.reports.weekly.document import TEXT_SECTIONS, Heading, content_of
from opspact.reports.weekly.facts import facts_of
from opspact.servicedesk.queries import people


@action("reports.report.draft")
def draft(caller: Caller, contract: Contract, *, week: Period) -> Report:
    """The week's draft; the report that is there already if there is one. Raises OutsideTheTerm, NotOverYet."""
    if not weeks.is_within_term(contract, week):
        raise errors.OutsideTheTerm
    if week.start > caller.now:
        raise errors.NotOverYet
    Contract.objects.select_for_update().get(pk=contract.pk)
    there = Report.objects.filter(contract=contract, kind=Report.Kind.WEEKLY, starts_at=week.start)
    if (found := there.order_by("-version").first()) is not None:
        caller.note(number=found.number, existed=True)
        return found
    report = _new(caller, contract, week, next_number(contract.code, "WR", caller.now), 1, {})
    caller.note(number=report.number)
    return report


@action("reports.report.edit")
def edit(caller: Caller, report: Report, *, texts: dict[str, str]) -> None:
    """Write sections by code; a section with the text the system drafted stays the system's. Raises NotADraft."""
    _locked_draft(report)
    drafted = {section["code"]: section["text"] for section in _content(report.contract, report, edited={})["sections"]}
    for code, text in texts.items():
        if code not in TEXT_SECTIONS:
            continue
        text = cleaned(text.replace("\r\n", "\n").strip())
        report.edited.pop(code, None)
        if text != drafted.get(code, ""):
            report.edited[code] = text
    report.content = _content(report.contract, report)
    report.save()
    caller.note(sections=sorted(report.edited))


@action("reports.report.edit")
def refresh(caller: Caller, report: Report) -> list[list[str]]:
    """Read the data again, keep what people wrote, and answer what changed. Raises NotADraft."""
    _locked_draft(report)
    old = report.facts
    report.facts = _facts(caller, report.contract, _period(report))
    report.changes = changes.changes(old, report.facts)
    report.content = _content(report.contract, report)
    report.save()
    caller.note(changes=len(report.changes))
    return report.changes


@action("reports.report.submit")
def submit(caller: Caller, report: Report) -> None:
    """Freeze the content, render it once, keep the files, and tell the client. Raises NotADraft."""
    _locked_draft(report)
    report.content = _content(report.contract, report, dated=timezone.localtime(caller.now).date())
    report.content_sha256 = digest(report.content)
    report.docx_sha256 = store.keep(render.word(report.content))
    report.pdf_sha256 = store.keep(render.pdf(report.content))
    report.changes = []
    report.state, report.submitted_at, report.submitted_by = Report.State.SUBMITTED, caller.now, caller.user
    report.save()
    caller.note(content=report.content_sha256, docx=report.docx_sha256, pdf=report.pdf_sha256)
    _tell(caller, report, Role.CLIENT_MANAGER, N_("Report %(number)s was submitted for acceptance"))


@action("reports.report.accept")
def accept(caller: Caller, report: Report, *, comment: str = "") -> None:
    """The client accepts on the page. Raises NotSubmitted."""
    _decide(caller, report, Report.State.ACCEPTED, comment=comment.strip(), acceptance=Report.Acceptance.PAGE)
    _tell(caller, report, Role.SERVICE_MANAGER, N_("Report %(number)s was accepted"))


@action("reports.report.return")
def send_back(caller: Caller, report: Report, *, comment: str) -> Report:
    """The client returns it with a reason; the next version, a draft with the same texts. Raises NotSubmitted."""
    if not comment.strip():
        raise errors.CommentNeeded
    _decide(caller, report, Report.State.RETURNED, comment=comment.strip())
    following = _new(caller, report.contract, _period(report), report.number, report.version + 1, dict(report.edited))
    _tell(caller, following, Role.SERVICE_MANAGER, N_("Report %(number)s was returned; a new version is drafted"))
    return following


@action("reports.report.scan")
def accept_on_paper(caller: Caller, report: Report, *, scan: scans.Scan, paper: scans.Paper) -> None:
    """The printed report came back signed: counts as acceptance when number and hash on the paper are this report's.

    Raises NotSubmitted, AnotherPaper, WrongSignature, NotAScan.
    """
    scans.check(report, paper, today=timezone.localtime(caller.now).date())
    media_type = scans.media_type(scan)
    _decide(
        caller,
        report,
        Report.State.ACCEPTED,
        acceptance=Report.Acceptance.SCAN,
        signed_by=paper.signed_by.strip(),
        signed_on=paper.signed_on,
        scan_sha256=store.keep(scan.content),
        scan_type=media_type,
    )
    caller.note(scan=report.scan_sha256, signed_by=report.signed_by, signed_on=paper.signed_on.isoformat())
    _tell(caller, report, Role.SERVICE_MANAGER, N_("Report %(number)s was accepted"))


@action("reports.report.view")
def take_away(caller: Caller, report: Report, *, form: str) -> None:
    """A document of the report leaves the house: "docx", "pdf" or "signed". Who took it is in the audit."""
    caller.note(number=report.number, version=report.version, form=form)


def _new(caller: Caller, contract: Contract, week: Period, number: str, version: int, edited: dict[str, str]) -> Report:
    report = Report(
        contract=contract,
        number=number,
        version=version,
        starts_at=week.start,
        ends_at=week.end,
        edited=edited,
        drafted_at=caller.now,
        drafted_by=caller.user,
        facts=_facts(caller, contract, week),
    )
    report.content = _content(contract, report)
    report.save()
    return report


def _facts(caller: Caller, contract: Contract, week: Period) -> dict[str, Any]:
    assessment: Assessment = assess(contract, week, caller.now)
    return facts_of(assessment, [snapshot.pk for snapshot in keep(caller, assessment)])


def _content(
    contract: Contract, report: Report, *, edited: dict[str, str] | None = None, dated: date | None = None
) -> Content:
    names = {party.part: party.organisation.name for party in _parties(contract)}
    heading = Heading(
        language="en" if contract.terms.language == "en" else "zh-hans",
        contract=contract.name,
        client=names.get(ContractParty.Part.CLIENT, "—"),
        vendor=names.get(ContractParty.Part.VENDOR, "—"),
        number=report.number,
        version=report.version,
        dated=dated or timezone.localtime(report.drafted_at).date(),
        simulated=contract.simulated,
    )
    return content_of(heading, report.facts, report.edited if edited is None else edited)


def _parties(contract: Contract) -> list[ContractParty]:
    return list(contract.parties.select_related("organisation").order_by("-id"))


def _period(report: Report) -> Period:
    return weeks.week_of(report.contract, report.starts_at.astimezone(term_of(report.contract).zone).date())


def _locked_draft(report: Report) -> None:
    """Take the row and what it now says, so that two people do not write over each other. Raises NotADraft."""
    fresh = Report.objects.select_for_update().get(pk=report.pk)
    if not fresh.is_draft:
        raise errors.NotADraft
    report.edited, report.facts, report.content, report.state = fresh.edited, fresh.facts, fresh.content, fresh.state


def _decide(caller: Caller, report: Report, state: str, **values: Any) -> None:
    """One conditional UPDATE: who comes second is told. Raises NotSubmitted."""
    values |= {"state": state, "decided_at": caller.now, "decided_by": caller.user}
    if not Report.objects.filter(pk=report.pk, state=Report.State.SUBMITTED).update(**values):
        raise errors.NotSubmitted
    for name, value in values.items():
        setattr(report, name, value)
    caller.note(version=report.version, state=state)


def _tell(caller: Caller, report: Report, role: Role, text: str) -> None:
    inbox.send(
        people(report.contract.code, role),
        kind="reports.report",
        text=text,
        at=caller.now,
        contract_code=report.contract.code,
        url=report.get_absolute_url(),
        number=str(report),
    )
