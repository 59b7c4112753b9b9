"""From records to the sheet of each kind of paper."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Connection

from villagedesk.documents.papers import load_papers
from villagedesk.documents.sheet import Sheet
from villagedesk.drafts.notice import NoticeDraft
from villagedesk.drafts.team import HelperDraft, VillageDraft
from villagedesk.errors import Problem, Refused
from villagedesk.records.load import load, load_where
from villagedesk.records.schema import RECORDS
from villagedesk.services.evaluations import Evaluations
from villagedesk.services.exits import Exits
from villagedesk.services.households import one
from villagedesk.services.notices import notice_of
from villagedesk.services.objected import objections_to
from villagedesk.services.objections import Objections
from villagedesk.services.persons import held
from villagedesk.services.sheets import batch, certificate, exits, household, income, person, plan, signing, visit_form
from villagedesk.services.signing import scheme_of
from villagedesk.services.signing_day import SigningDay
from villagedesk.services.site import Site
from villagedesk.text import say


def village_of(connection: Connection, site: Site) -> VillageDraft:
    """The village file of the desk."""
    found = load_where(connection, "village", RECORDS["village"].table.c.code == site.village)
    village: VillageDraft = next(iter(found.values()))
    return village


def found(connection: Connection, kind: str, record_id: str) -> Any:
    """The draft of a record. Raises Refused when it is not here."""
    drafts = load(connection, kind, [record_id])
    if not drafts:
        raise Refused(say("This record is not in the desk any more."))
    return drafts[record_id]


def of_household(connection: Connection, kind: str, household_id: str) -> list[Any]:
    """The drafts of a kind with a year, of one household, newest first; the plan of a year before that of the term."""
    drafts = load_where(connection, kind, RECORDS[kind].table.c.household_id == household_id)
    return sorted(drafts.values(), key=_age, reverse=True)


def _age(draft: Any) -> tuple[int, str, int]:
    return draft.year, getattr(draft, "horizon", ""), getattr(draft, "version", 0)


def helper_of(connection: Connection, household_id: str) -> HelperDraft | None:
    """Whoever is paired with a household now."""
    pairings = load_where(connection, "pairing", RECORDS["pairing"].table.c.household_id == household_id)
    running = [pairing for pairing in pairings.values() if pairing.ends_on is None]
    helper: HelperDraft | None = found(connection, "helper", running[-1].helper_id) if running else None
    return helper


def _household_file(site: Site, connection: Connection, subject: str) -> Sheet:
    return household.household_file(site, village_of(connection, site).name, one(connection, subject))


def _card(site: Site, connection: Connection, subject: str) -> Sheet:
    village = village_of(connection, site)
    helper = helper_of(connection, subject)
    plans, incomes = of_household(connection, "plan", subject), of_household(connection, "income", subject)
    phone = village.phones.split("、")[0]
    newest = plans[0] if plans else None
    return household.card(site, village.name, one(connection, subject), newest, incomes, helper, phone)


def _catalogue(site: Site, connection: Connection, subject: str) -> Sheet:
    file = one(connection, subject)
    table = RECORDS["paper"].table
    ids = [
        subject,
        *(case.id for kind in ("plan", "income", "exit") for case in of_household(connection, kind, subject)),
    ]
    papers = load_where(connection, "paper", table.c.subject_id.in_(ids)).values()
    titled = [(paper, load_papers()[paper.kind].title, 1) for paper in papers if paper.kind in load_papers()]
    return household.catalogue(site, village_of(connection, site).name, file, titled)


def _income_sheet(site: Site, connection: Connection, subject: str) -> Sheet:
    statement = found(connection, "income", subject)
    return income.income_sheet(
        site, village_of(connection, site).name, one(connection, statement.household_id), statement
    )


def _plan_sheet(site: Site, connection: Connection, subject: str) -> Sheet:
    draft = found(connection, "plan", subject)
    file = one(connection, draft.household_id)
    wishes = load_where(connection, "wish", RECORDS["wish"].table.c.household_id == file.id)
    return plan.plan_sheet(site, village_of(connection, site).name, file, draft, tuple(wishes.values()))


def _exit_record(site: Site, connection: Connection, subject: str) -> Sheet:
    row = Exits(site).row_of(connection, subject)
    incomes = {found.year: found for found in of_household(connection, "income", row.household.id)}
    notice = load(connection, "notice", [row.case.notice_id]).get(row.case.notice_id)
    return exits.exit_record(site, village_of(connection, site).name, row, incomes.get(row.case.year), notice)


def _signoff_sheet(site: Site, connection: Connection, subject: str) -> Sheet:
    row = Exits(site).row_of(connection, subject)
    return exits.signoff_sheet(site, village_of(connection, site).name, row, scheme_of(site, row.case))


def _minutes(site: Site, connection: Connection, subject: str) -> Sheet:
    meeting = found(connection, "evaluation", subject)
    meetings = Evaluations(site)
    title = meetings.matters().get(meeting.matter, meeting.matter)
    if meeting.matter == "exit.evaluate":
        title = f"{site.profile.terms.planned_exit_household}评议"
    subjects = meetings.subjects_of(connection, meeting)
    return exits.minutes(site, village_of(connection, site).name, meeting, f"{meeting.year}年度{title}", subjects)


def _exit_certificate(site: Site, connection: Connection, subject: str) -> Sheet:
    row = Exits(site).row_of(connection, subject)
    notice = load(connection, "notice", [row.case.notice_id]).get(row.case.notice_id)
    return certificate.exit_certificate(site, village_of(connection, site), row, notice)


def _noticed(connection: Connection, notice: NoticeDraft) -> list[Any]:
    cases = load(connection, "exit", notice.case_ids)
    return list(load(connection, "household", [case.household_id for case in cases.values()]).values())


def phones_of(village: VillageDraft) -> dict[str, str]:
    """The office numbers that may stand on papers: of the village, and of the township that supervises it."""
    numbers = [number for number in village.phones.replace("，", "、").split("、") if number]
    return dict(zip(("office", "township"), numbers, strict=False))


def _exit_notice(site: Site, connection: Connection, subject: str) -> Sheet:
    notice = notice_of(connection, subject)
    if notice.starts_on is None:
        raise Refused([Problem(say("Enter the first day of the notice; both days stand on it."), "starts_on")])
    village = village_of(connection, site)
    return exits.exit_notice(site, village, notice, _noticed(connection, notice), phones_of(village))


def _exit_announcement(site: Site, connection: Connection, subject: str) -> Sheet:
    notice = notice_of(connection, subject)
    village = village_of(connection, site)
    cases = list(load(connection, "exit", notice.case_ids).values())
    reply = next(((case.township_reply, case.replied_on) for case in cases if case.township_reply), None)
    if reply is None:
        raise Refused(say("The township has not replied yet. Enter its reply with number and day first."))
    phone = phones_of(village).get("office", "—")
    return exits.exit_announcement(site, village, notice, _noticed(connection, notice), reply, phone)


def _exit_list(site: Site, connection: Connection, subject: str) -> Sheet:
    return batch.exit_list(site, village_of(connection, site).name, int(subject), Exits(site).of_year(int(subject)))


def _signing_list(site: Site, connection: Connection, subject: str) -> Sheet:
    rows = SigningDay(site).rows_of(connection, int(subject))
    return signing.signing_list(site, village_of(connection, site), int(subject), rows)


def _minutes_extract(site: Site, connection: Connection, subject: str) -> Sheet:
    row = Exits(site).row_of(connection, subject)
    if not row.case.evaluation_id:
        raise Refused([Problem(say("The villagers' meeting has not evaluated the household."), "evaluated_on")])
    meeting = found(connection, "evaluation", row.case.evaluation_id)
    return batch.minutes_extract(site, village_of(connection, site).name, row, meeting)


def _batch(site: Site, connection: Connection, subject: str) -> batch.Batch:
    """A notice with the cases that go on; who was sent back stands on none of its papers."""
    notice = notice_of(connection, subject)
    steps = Exits(site).procedure
    cases = [case for case in load(connection, "exit", notice.case_ids).values() if steps.effect(case.state) != "back"]
    states = Objections(site).procedure.states
    return batch.Batch(
        village=village_of(connection, site),
        notice=notice,
        title=site.profile.notices[notice.kind].title,
        households=list(load(connection, "household", [case.household_id for case in cases]).values()),
        cases=cases,
        meetings=list(load(connection, "evaluation", sorted({case.evaluation_id for case in cases})).values()),
        objections=[(each, states[each.state].title) for each in objections_to(connection, subject)],
    )


def _exit_request(site: Site, connection: Connection, subject: str) -> Sheet:
    return batch.exit_request(site, _resulted(_batch(site, connection, subject)))


def _notice_result(site: Site, connection: Connection, subject: str) -> Sheet:
    return batch.notice_result(site, _batch(site, connection, subject))


def _no_objection(site: Site, connection: Connection, subject: str) -> Sheet:
    return batch.no_objection(site, _resulted(_batch(site, connection, subject)))


def _resulted(found: batch.Batch) -> batch.Batch:
    """Papers that tell the outcome wait for it."""
    if not found.notice.result:
        raise Refused(
            [Problem(say("The result of the notice is not written down yet. Close the notice first."), "result")]
        )
    return found


def _personal_extract(site: Site, connection: Connection, subject: str) -> Sheet:
    name = found(connection, "member", subject).name
    return person.personal_extract(
        site, village_of(connection, site).name, subject, name, list(held(site, connection, subject))
    )


def _blank(site: Site, connection: Connection, subject: str) -> Sheet:
    del subject
    return visit_form.blank_form(site, village_of(connection, site).name)


Maker = Callable[[Site, Connection, str], Sheet]

MAKERS: Mapping[str, Maker] = {
    "personal_extract": _personal_extract,
    "household_file": _household_file,
    "card": _card,
    "evidence_catalogue": _catalogue,
    "income_sheet": _income_sheet,
    "plan_sheet": _plan_sheet,
    "exit_record": _exit_record,
    "signoff_sheet": _signoff_sheet,
    "evaluation_minutes": _minutes,
    "exit_notice": _exit_notice,
    "exit_announcement": _exit_announcement,
    "exit_list": _exit_list,
    "signing_list": _signing_list,
    "minutes_extract": _minutes_extract,
    "exit_request": _exit_request,
    "notice_result": _notice_result,
    "no_objection": _no_objection,
    "exit_certificate": _exit_certificate,
    "blank_household_form": _blank,
}
"""Paper → what makes its sheet of a subject."""
