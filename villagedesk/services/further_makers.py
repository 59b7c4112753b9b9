"""From records to sheets, beside the exit: wishes, outcomes, objections, checks, archive, exit of the village."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection

from villagedesk.documents.sheet import Sheet
from villagedesk.drafts.household import HouseholdDraft
from villagedesk.drafts.notice import NoticeDraft, ObjectionDraft
from villagedesk.drafts.village_exit import VillageExitDraft
from villagedesk.policy.procedures import procedure
from villagedesk.records.load import load, load_where
from villagedesk.records.schema import RECORDS
from villagedesk.services import event_report
from villagedesk.services.checks import Checks
from villagedesk.services.exits import Exits
from villagedesk.services.households import one
from villagedesk.services.lookback import looked_back
from villagedesk.services.notices import notice_of
from villagedesk.services.objected import objections_to
from villagedesk.services.objections import household_of
from villagedesk.services.paper_makers import Maker, found, helper_of, of_household, phones_of, village_of
from villagedesk.services.sheets import archive, changes, checking, objections, support, village_exit, visit_form
from villagedesk.services.site import Site


def _wish_sheet(site: Site, connection: Connection, subject: str) -> Sheet:
    wish = found(connection, "wish", subject)
    return support.wish_sheet(site, village_of(connection, site).name, one(connection, wish.household_id), wish)


def _plan_quarter(site: Site, connection: Connection, subject: str) -> Sheet:
    plan = found(connection, "plan", subject)
    return support.plan_quarter(site, village_of(connection, site).name, one(connection, plan.household_id), plan)


def _plan_result(site: Site, connection: Connection, subject: str) -> Sheet:
    plan = found(connection, "plan", subject)
    incomes = of_household(connection, "income", plan.household_id)
    household = one(connection, plan.household_id)
    return support.plan_result(site, village_of(connection, site).name, household, plan, incomes)


def _handbook(site: Site, connection: Connection, subject: str) -> Sheet:
    village = village_of(connection, site)
    plans, incomes = (of_household(connection, kind, subject) for kind in ("plan", "income"))
    table = RECORDS["visit"].table
    visits = load_where(connection, "visit", table.c.household_id == subject).values()
    came = sorted((each for each in visits if each.visited_on), key=lambda visit: visit.visited_on)
    return support.handbook(
        site,
        village.name,
        one(connection, subject),
        next(iter(plans), None),
        next(iter(incomes), None),
        came,
        (helper_of(connection, subject), phones_of(village).get("office", "")),
    )


def _visit_form(site: Site, connection: Connection, subject: str) -> Sheet:
    incomes = of_household(connection, "income", subject)
    return visit_form.visit_form(site, village_of(connection, site).name, one(connection, subject), incomes)


def _change_report(site: Site, connection: Connection, subject: str) -> Sheet:
    year = int(subject)
    events = event_report.events(connection, site.village, year)
    people = {member for event in events for member in event.member_ids}
    homes = {home for event in events for home in (event.household_id, event.other_id) if home}
    called = (event_report.called(connection, "member", people), event_report.called(connection, "household", homes))
    report = event_report.report(connection, site.village, year)
    return changes.change_report(site, village_of(connection, site).name, report, events, called)


def _objection(connection: Connection, subject: str) -> tuple[ObjectionDraft, Any]:
    """An objection and the notice it objects to."""
    objection = found(connection, "objection", subject)
    return objection, load(connection, "notice", [objection.notice_id]).get(objection.notice_id)


def _objection_sheet(site: Site, connection: Connection, subject: str) -> Sheet:
    objection, notice = _objection(connection, subject)
    state = procedure(site.profile, "objection").states[objection.state].title
    return objections.objection_sheet(site, objection, state, notice, household_of(connection, objection))


def _objection_reply(site: Site, connection: Connection, subject: str) -> Sheet:
    return objections.objection_reply(site, village_of(connection, site), *_objection(connection, subject))


def _objection_result(site: Site, connection: Connection, subject: str) -> Sheet:
    village = village_of(connection, site)
    told = objections_to(connection, subject)
    phone = phones_of(village).get("office", "—")
    return objections.objection_result(site, village, notice_of(connection, subject), told, phone)


def _photo_sheet(site: Site, connection: Connection, subject: str) -> Sheet:
    return archive.photo_sheet(site, village_of(connection, site).name, notice_of(connection, subject))


def _counted(site: Site, connection: Connection) -> list[tuple[HouseholdDraft, int]]:
    """Every household with the number of papers registered of it and of what belongs to it."""
    of: dict[str, str] = {}
    for kind in ("plan", "income", "exit", "wish"):
        table = RECORDS[kind].table
        of |= {key: record.household_id for key, record in
               load_where(connection, kind, table.c.village == site.village).items()}  # fmt: skip
    papers = load_where(connection, "paper", RECORDS["paper"].table.c.village == site.village).values()
    count = Counter(of.get(paper.subject_id, paper.subject_id) for paper in papers)
    households = load_where(connection, "household", RECORDS["household"].table.c.village == site.village)
    return [(one(connection, key), count[key]) for key in households]


def _file_cover(site: Site, connection: Connection, subject: str) -> Sheet:
    counted = {household.id: (household, papers) for household, papers in _counted(site, connection)}
    return archive.file_cover(site, village_of(connection, site), *counted[subject])


def _spine_labels(site: Site, connection: Connection, subject: str) -> Sheet:
    village = village_of(connection, site).name
    return archive.spine_labels(site, village, int(subject), _counted(site, connection))


def _box_list(site: Site, connection: Connection, subject: str) -> Sheet:
    return archive.box_list(site, village_of(connection, site).name, int(subject), _counted(site, connection))


def _findings_report(site: Site, connection: Connection, subject: str) -> Sheet:
    report = Checks(site).run(year=int(subject))
    return checking.findings_report(site, village_of(connection, site).name, report, int(subject))


def _exemption_note(site: Site, connection: Connection, subject: str) -> Sheet:
    note = found(connection, "exemption", subject)
    rules = Checks(site).context().catalogue.rules
    title = rules[note.rule].title if note.rule in rules else note.rule
    household = one(connection, note.household_id)
    return checking.exemption_note(site, village_of(connection, site).name, household, note, title)


def _lookback_sheet(site: Site, connection: Connection, subject: str) -> Sheet:
    row = Exits(site).row_of(connection, subject)
    helper = helper_of(connection, row.household.id)
    found = looked_back(site, connection, row.case)
    return checking.lookback_sheet(site, village_of(connection, site).name, row, helper.name if helper else "", found)


def _satisfaction_form(site: Site, connection: Connection, subject: str) -> Sheet:
    del subject
    return checking.satisfaction_form(site, village_of(connection, site).name)


def _village_exit_record(site: Site, connection: Connection, subject: str) -> Sheet:
    case = found(connection, "village_exit", subject)
    state = procedure(site.profile, "village_exit").states[case.state].title
    return village_exit.village_exit_record(site, village_of(connection, site), case, state)


def _village_exit_request(site: Site, connection: Connection, subject: str) -> Sheet:
    case = found(connection, "village_exit", subject)
    return village_exit.village_exit_request(site, village_of(connection, site), case)


def _leaving(connection: Connection, subject: str) -> tuple[VillageExitDraft, NoticeDraft]:
    """A notice on the exit of the village, with the attempt it speaks of."""
    notice = notice_of(connection, subject)
    case: VillageExitDraft = found(connection, "village_exit", next(iter(notice.case_ids), ""))
    return case, notice


def _village_exit_notice(site: Site, connection: Connection, subject: str) -> Sheet:
    village = village_of(connection, site)
    phone = phones_of(village).get("township", "—")
    return village_exit.village_exit_notice(site, village, *_leaving(connection, subject), phone)


def _village_exit_announcement(site: Site, connection: Connection, subject: str) -> Sheet:
    return village_exit.village_exit_announcement(site, village_of(connection, site), *_leaving(connection, subject))


FURTHER: Mapping[str, tuple[str, Maker]] = {
    "wish_sheet": ("wish", _wish_sheet),
    "plan_quarter": ("plan", _plan_quarter),
    "plan_result": ("plan", _plan_result),
    "handbook": ("household", _handbook),
    "visit_form": ("household", _visit_form),
    "change_report": ("year", _change_report),
    "objection_sheet": ("objection", _objection_sheet),
    "objection_reply": ("objection", _objection_reply),
    "objection_result": ("notice", _objection_result),
    "photo_sheet": ("notice", _photo_sheet),
    "file_cover": ("household", _file_cover),
    "spine_labels": ("year", _spine_labels),
    "box_list": ("year", _box_list),
    "findings_report": ("year", _findings_report),
    "exemption_note": ("exemption", _exemption_note),
    "lookback_sheet": ("exit", _lookback_sheet),
    "satisfaction_form": ("", _satisfaction_form),
    "village_exit_record": ("village_exit", _village_exit_record),
    "village_exit_request": ("village_exit", _village_exit_request),
    "village_exit_notice": ("notice", _village_exit_notice),
    "village_exit_announcement": ("notice", _village_exit_announcement),
}
"""Paper → the kind of record it speaks of (as ``paper_kinds.SUBJECTS`` has it) and what makes its sheet."""
