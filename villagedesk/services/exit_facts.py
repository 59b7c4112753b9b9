"""What is known of exit cases: read once for a whole list, then judged case by case (DOMAIN §3.4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from villagedesk.drafts.exit import CheckDraft, EvaluationDraft, ExitDraft
from villagedesk.drafts.household import HouseholdDraft, IncomeDraft
from villagedesk.drafts.notice import NoticeDraft
from villagedesk.policy.cases import ExitFacts
from villagedesk.policy.criteria import Assessment, assess
from villagedesk.policy.income import exit_line, reckon
from villagedesk.policy.pack_steps import NoticeStage
from villagedesk.policy.procedures import procedure
from villagedesk.policy.profile import Profile
from villagedesk.policy.quorum import Vote
from villagedesk.policy.signoff import member_digest
from villagedesk.records.load import load, load_where
from villagedesk.records.schema import RECORDS
from villagedesk.services.site import Site

UNSAFE = frozenset({"C", "D", "N"})  # list housing: grades that need repair, or not graded
_CHUNK = 500


@dataclass(frozen=True)
class Known:
    """What several cases share."""

    incomes: Mapping[tuple[str, int], IncomeDraft]  # by household and year
    meetings: Mapping[str, EvaluationDraft]
    notices: Mapping[str, NoticeDraft]
    objections: Mapping[str, int]  # open ones, by case


def known_of(site: Site, connection: Connection, cases: Sequence[ExitDraft]) -> Known:
    """Everything beside the households that the blockers of these cases look at."""
    return Known(
        incomes_of(connection, [case.household_id for case in cases]),
        load(connection, "evaluation", sorted({case.evaluation_id for case in cases})),
        _standing_notices(site, connection, cases),
        _open_objections(site, connection, cases),
    )


def facts_of(site: Site, case: ExitDraft, household: HouseholdDraft, known: Known) -> ExitFacts:
    """All that is known of one case today."""
    income = known.incomes.get((household.id, case.year))
    notice = known.notices.get(case.notice_id)
    profile = site.profile
    return ExitFacts(
        today=site.today(),
        household=household,
        assessments=assessed(site, household, income, case.year, case.checks),
        income=reckon(income, profile) if income else None,
        line=exit_line(profile, case.year, site.village[:2]),
        income_locked_on=income.locked_on if income else None,
        verified_on=case.verified_on,
        vote=_vote(case, known.meetings.get(case.evaluation_id)),
        evaluated_on=case.evaluated_on,
        household_answer=case.household_answer,
        answered_on=case.answered_on,
        signatures=case.signatures,
        members_when_signed=case.member_digest,
        members_now=member_digest(household),
        notice_stage=village_stage(profile),
        posted_on=notice.posted_on if notice else None,
        notice_ends_on=notice.ends_on if notice else None,
        on_notice=notice is None or case.id in notice.case_ids,
        reported_on=case.reported_on,
        replied_on=case.replied_on,
        announced_on=case.announced_on,
        marked_on=case.marked_on,
        open_objections=known.objections.get(case.id, 0),
        dwelling_case_open=household.dwelling in UNSAFE,
        monitoring_open=bool(household.monitoring_class),
        term_from=profile.pack.valid_from,
        term_to=None,
    )


def assessed(
    site: Site, household: HouseholdDraft, income: IncomeDraft | None, year: int, checks: Sequence[CheckDraft]
) -> tuple[Assessment, ...]:
    """The profile's exit criteria held against a household."""
    return assess(site.profile, household, income, year, site.today(), province=site.village[:2], checks=checks)


def incomes_of(connection: Connection, household_ids: Sequence[str]) -> dict[tuple[str, int], IncomeDraft]:
    """Income statements by household and year."""
    table = RECORDS["income"].table
    found: dict[str, IncomeDraft] = {}
    for start in range(0, len(household_ids), _CHUNK):
        chunk = household_ids[start : start + _CHUNK]
        found.update(load_where(connection, "income", table.c.household_id.in_(chunk)))
    return {(income.household_id, income.year): income for income in found.values()}


def village_stage(profile: Profile) -> NoticeStage | None:
    """The village posting of the profile's exit notice."""
    kind = profile.notices.get("exit")
    return next(iter(kind.stages.values()), None) if kind else None


def _standing_notices(site: Site, connection: Connection, cases: Sequence[ExitDraft]) -> dict[str, NoticeDraft]:
    """The notices of the cases, without those that were withdrawn."""
    steps = procedure(site.profile, "notice")
    found = load(connection, "notice", sorted({case.notice_id for case in cases}))
    return {key: notice for key, notice in found.items() if steps.effect(notice.state) != "back"}


def _open_objections(site: Site, connection: Connection, cases: Sequence[ExitDraft]) -> dict[str, int]:
    """Open objections by case; one that names no household holds up every case of its notice."""
    steps = procedure(site.profile, "objection")
    counts: dict[str, int] = {}
    for objection in load_where(connection, "objection", RECORDS["objection"].table.c.village == site.village).values():
        if steps.effect(objection.state) == "closed":
            continue
        for case in cases:
            if case.id == objection.case_id or (not objection.case_id and case.notice_id == objection.notice_id != ""):
                counts[case.id] = counts.get(case.id, 0) + 1
    return counts


def _vote(case: ExitDraft, meeting: EvaluationDraft | None) -> Vote | None:
    if meeting is None:
        return None
    return Vote(meeting.due, meeting.present, case.votes_for, case.votes_against, case.abstained, case.recused_count)
