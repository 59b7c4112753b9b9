"""Exit cases through the profile's procedure: no step out of order, none around a hard blocker (DOMAIN §3, §5.3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Connection

from villagedesk.drafts.exit import CheckDraft, EvaluationDraft, ExitDraft, SignatureDraft
from villagedesk.drafts.household import HouseholdDraft, IncomeDraft
from villagedesk.drafts.notice import NoticeDraft
from villagedesk.errors import Problem, Refused
from villagedesk.policy.cases import Blocker, ExitFacts
from villagedesk.policy.criteria import Assessment, assess
from villagedesk.policy.income import IncomeResult, exit_line, reckon
from villagedesk.policy.pack import NoticeStage
from villagedesk.policy.procedures import Procedure, Step, procedure
from villagedesk.policy.quorum import Vote, quorum_problems
from villagedesk.policy.signoff import SignoffScheme, blockers, member_digest, scheme
from villagedesk.records.load import load, load_where
from villagedesk.records.schema import RECORDS
from villagedesk.services.households import one
from villagedesk.services.site import Site
from villagedesk.store.work import Change, Work
from villagedesk.text import say

EXITED = "1"  # code of poverty_state
_OPEN_OBJECTIONS = frozenset({"registered", "accepted", "investigated", "decided"})
_UNSAFE = frozenset({"C", "D", "N"})


@dataclass(frozen=True)
class ExitRow:
    """One case of the year's list, with everything the workbench shows of it."""

    case: ExitDraft
    household: HouseholdDraft
    state_title: str
    assessments: tuple[Assessment, ...]
    blockers: tuple[Blocker, ...]
    steps: tuple[Step, ...]

    @property
    def done(self) -> bool:
        """Whether nothing leads on from here."""
        return not self.steps


class Exits:
    """The exits of a village."""

    def __init__(self, site: Site) -> None:
        self._site = site

    @property
    def procedure(self) -> Procedure:
        """The profile's exit procedure in the order in force."""
        return procedure(self._site.profile, "exit")

    @property
    def scheme(self) -> SignoffScheme:
        """The sign-off scheme in force; confirmed once the township has fixed it."""
        settled = all(point.path != "signoff.preset" for point in self._site.profile.unconfirmed)
        return scheme(self._site.profile, confirmed=settled)

    def propose(self, year: int, household_ids: Sequence[str], reason: str) -> Change:
        """Open cases for households planned to exit in ``year``. A household has one open case at a time."""
        with self._site.store.work("exit.propose", reason) as work:
            for household_id in household_ids:
                self._open_case(work, year, household_id)
        return work.change

    def get(self, case_id: str) -> ExitDraft:
        """One case with its checks and signatures. Raises Refused when there is none."""
        with self._site.store.read() as connection:
            return case_of(connection, case_id)

    def of_year(self, year: int) -> tuple[ExitRow, ...]:
        """The year's list, in order of opening."""
        table = RECORDS["exit"].table
        with self._site.store.read() as connection:
            cases = load_where(connection, "exit", table.c.year == year, table.c.village == self._site.village)
            households = load(connection, "household", [case.household_id for case in cases.values()])
            known = self._known(connection, list(cases.values()))
            return tuple(
                self._row(case, households[case.household_id], known)
                for case in cases.values()
                if case.household_id in households
            )

    def row(self, case_id: str) -> ExitRow:
        """One case as the workbench shows it."""
        with self._site.store.read() as connection:
            return self.row_of(connection, case_id)

    def row_of(self, connection: Connection, case_id: str) -> ExitRow:
        """One case as the workbench shows it, inside a transaction."""
        case = case_of(connection, case_id)
        return self._row(case, one(connection, case.household_id), self._known(connection, [case]))

    def all(self) -> tuple[ExitDraft, ...]:
        """Every case of the village, in order of opening."""
        table = RECORDS["exit"].table
        with self._site.store.read() as connection:
            return tuple(load_where(connection, "exit", table.c.village == self._site.village).values())

    def assess(self, household_id: str, year: int) -> tuple[Assessment, ...]:
        """The exit criteria held against a household that need not have a case yet."""
        with self._site.store.read() as connection:
            household = one(connection, household_id)
            income = _incomes(connection, [household_id]).get((household_id, year))
        return self._assess(household, income, year, ())

    def record_checks(self, case_id: str, on: date, by: str, checks: Sequence[CheckDraft], reason: str) -> Change:
        """Write down what was found at the door."""
        with self._site.store.work("exit.check", reason) as work:
            self._open(work, case_id)
            work.put("exit", self._site.village, {"verified_on": on, "verified_by": by}, case_id)
            for check in checks:
                work.put_draft("exit_check", self._site.village, check, case_id=case_id)
        return work.change

    def evaluate(
        self, meeting: EvaluationDraft, votes: Mapping[str, Vote], reason: str, recused: Mapping[str, str] | None = None
    ) -> Change:
        """Write down a villagers' meeting and its vote on each case. Raises Refused when numbers do not add up."""
        with self._site.store.work("exit.evaluate", reason) as work:
            meeting_id = work.put_draft("evaluation", self._site.village, meeting, new_id=self._site.store.ids())
            for case_id, vote in votes.items():
                self._open(work, case_id)
                self._demand_sane(vote)
                values = {
                    "evaluation_id": meeting_id,
                    "evaluated_on": meeting.held_on,
                    "votes_for": vote.agree,
                    "votes_against": vote.against,
                    "abstained": vote.abstain,
                    "recused": (recused or {}).get(case_id, ""),
                }
                work.put("exit", self._site.village, values, case_id)
        return work.change

    def answer(self, case_id: str, answer: str, on: date, why: str, reason: str) -> Change:
        """Write down whether the household agrees to the exit (``agrees`` or ``disagrees``); no reason is demanded."""
        if answer not in {"agrees", "disagrees"}:
            raise Refused([Problem(say("Enter whether the household agrees or disagrees."), "household_answer")])
        with self._site.store.work("exit.answer", reason) as work:
            self._open(work, case_id)
            values = {"household_answer": answer, "answered_on": on, "answer_reason": why}
            work.put("exit", self._site.village, values, case_id)
        return work.change

    def sign(self, case_id: str, signatures: Sequence[SignatureDraft], reason: str) -> Change:
        """Record marks that persons made on paper; the first one freezes whom the sheet speaks of."""
        with self._site.store.work("exit.sign", reason) as work:
            case = self._open(work, case_id)
            cells = {(cell.role.key, cell.item.key) for cell in self.scheme.cells}
            roles = {role for role, _ in cells}
            for mark in signatures:
                if mark.role not in roles or (mark.item and (mark.role, mark.item) not in cells):
                    raise Refused([Problem(say("The sheet has no place for this mark. Choose role and item."), "role")])
                if mark.signed_on and mark.signed_on > self._site.today():
                    raise Refused([Problem(say("A mark is dated in the future. Correct the date."), "signed_on")])
                work.put_draft("signature", self._site.village, replace(mark, case_id=case_id))
            if not case.member_digest:
                household = one(work.connection, case.household_id)
                digest = {"member_digest": member_digest(household), "scheme": self.scheme.id}
                work.put("exit", self._site.village, digest, case_id)
        return work.change

    def discard_signatures(self, case_id: str, reason: str) -> Change:
        """Set the recorded marks aside, because the sheet has to be signed anew; they stay in the history."""
        with self._site.store.work("exit.unsign", reason) as work:
            case = self._open(work, case_id)
            for mark in case.signatures:
                work.remove("signature", mark.id)
            work.put("exit", self._site.village, {"member_digest": ""}, case_id)
        return work.change

    def take(self, case_ids: Sequence[str], verb: str, reason: str, **values: Any) -> Change:
        """Take one step of the procedure with each case; ``values`` are fields of the case set with it.

        Raises Refused naming household, blocker and remedy when one of them cannot go; then none has gone.
        """
        with self._site.store.work(f"exit.{verb}", reason) as work:
            for case_id in case_ids:
                self._step(work, case_id, verb, reason, values)
        return work.change

    def _step(self, work: Work, case_id: str, verb: str, reason: str, values: Mapping[str, Any]) -> None:
        if values:
            work.put("exit", self._site.village, values, case_id)
        case = case_of(work.connection, case_id)
        household = one(work.connection, case.household_id)
        found = self._blockers(case, household, self._known(work.connection, [case]))
        try:
            state = self.procedure.advance(case.state, verb, found, reason)
        except Refused as refusal:
            raise _of_household(refusal, household) from refusal
        effect = self.procedure.effect(state)
        back = {"returned_reason": reason} if effect == "back" else {}
        work.put("exit", self._site.village, {"state": state, **back}, case_id)
        if effect == "exited":
            exited = {"state": EXITED, "exited_year": case.year}
            work.put("household", self._site.village, exited, case.household_id)

    def _open_case(self, work: Work, year: int, household_id: str) -> None:
        household = one(work.connection, household_id)
        if household.state == EXITED:
            text = say("The household {no} has exited already.", no=household.no)
            raise Refused([Problem(text, "state")])
        earlier = work.rows("exit", household_id=household_id)
        if any(not self.procedure.effect(row["state"]) for row in earlier):
            raise Refused(
                [Problem(say("The household {no} already has an open case.", no=household.no), "household_id")]
            )
        attempts = [row["attempt"] for row in earlier if row["year"] == year]
        profile = self._site.profile
        draft = ExitDraft(
            household_id=household_id,
            year=year,
            attempt=max(attempts, default=0) + 1,
            profile=profile.id,
            profile_version=profile.version,
            scheme=self.scheme.id,
            state=self.procedure.start,
        )
        work.put_draft("exit", self._site.village, draft)

    def _open(self, work: Work, case_id: str) -> ExitDraft:
        case = case_of(work.connection, case_id)
        if self.procedure.effect(case.state):
            raise Refused(say("This case is closed. Open a new one for the household."))
        return case

    def _demand_sane(self, vote: Vote) -> None:
        if vote.present > vote.due or vote.agree + vote.against + vote.abstain + vote.recused != vote.present:
            raise Refused(quorum_problems(self._site.profile.quorum, vote))

    def _row(self, case: ExitDraft, household: HouseholdDraft, known: _Known) -> ExitRow:
        found = self._blockers(case, household, known)
        income = known.incomes.get((household.id, case.year))
        return ExitRow(
            case=case,
            household=household,
            state_title=self.procedure.states[case.state].title if case.state in self.procedure.states else case.state,
            assessments=self._assess(household, income, case.year, case.checks),
            blockers=found,
            steps=self.procedure.next(case.state, found),
        )

    def _assess(
        self, household: HouseholdDraft, income: IncomeDraft | None, year: int, checks: Sequence[CheckDraft]
    ) -> tuple[Assessment, ...]:
        province = self._site.village[:2]
        return assess(self._site.profile, household, income, year, self._site.today(), province=province, checks=checks)

    def _blockers(self, case: ExitDraft, household: HouseholdDraft, known: _Known) -> tuple[Blocker, ...]:
        return blockers(self.scheme, self._facts(case, household, known))

    def _facts(self, case: ExitDraft, household: HouseholdDraft, known: _Known) -> ExitFacts:
        income = known.incomes.get((household.id, case.year))
        notice = known.notices.get(case.notice_id)
        meeting = known.meetings.get(case.evaluation_id)
        profile = self._site.profile
        return ExitFacts(
            today=self._site.today(),
            household=household,
            assessments=self._assess(household, income, case.year, case.checks),
            income=_reckoned(income, self._site),
            line=exit_line(profile, case.year, self._site.village[:2]),
            income_locked_on=income.locked_on if income else None,
            verified_on=case.verified_on,
            vote=_vote(case, meeting),
            evaluated_on=case.evaluated_on,
            household_answer=case.household_answer,
            answered_on=case.answered_on,
            signatures=case.signatures,
            members_when_signed=case.member_digest,
            members_now=member_digest(household),
            notice_stage=self.notice_stage,
            posted_on=notice.posted_on if notice else None,
            notice_ends_on=notice.ends_on if notice else None,
            open_objections=known.objections.get(case.id, 0),
            dwelling_case_open=household.dwelling in _UNSAFE,
            monitoring_open=bool(household.monitoring_class),
            term_from=profile.pack.valid_from,
            term_to=None,
        )

    @property
    def notice_stage(self) -> NoticeStage | None:
        """The village posting of the profile's exit notice."""
        kind = self._site.profile.notices.get("exit")
        return next(iter(kind.stages.values()), None) if kind else None

    def _known(self, connection: Connection, cases: Sequence[ExitDraft]) -> _Known:
        meetings = load(connection, "evaluation", sorted({case.evaluation_id for case in cases}))
        notices = load(connection, "notice", sorted({case.notice_id for case in cases}))
        wanted = {case.id for case in cases}
        objections: dict[str, int] = {}
        for objection in load_where(connection, "objection").values():
            if objection.case_id in wanted and objection.state in _OPEN_OBJECTIONS:
                objections[objection.case_id] = objections.get(objection.case_id, 0) + 1
        incomes = _incomes(connection, [case.household_id for case in cases])
        return _Known(incomes, meetings, notices, objections)


@dataclass(frozen=True)
class _Known:
    """What several cases share: read once for a whole list."""

    incomes: Mapping[tuple[str, int], IncomeDraft]  # by household and year
    meetings: Mapping[str, EvaluationDraft]
    notices: Mapping[str, NoticeDraft]
    objections: Mapping[str, int]  # open ones, by case


def case_of(connection: Connection, case_id: str) -> ExitDraft:
    """The draft of a case. Raises Refused when it is not here."""
    found = load(connection, "exit", [case_id])
    if not found:
        raise Refused(say("This exit case is not in the desk any more."))
    case: ExitDraft = found[case_id]
    return case


def _incomes(connection: Connection, household_ids: Sequence[str]) -> dict[tuple[str, int], IncomeDraft]:
    table = RECORDS["income"].table
    found: dict[str, IncomeDraft] = {}
    for start in range(0, len(household_ids), 500):
        chunk = household_ids[start : start + 500]
        found.update(load_where(connection, "income", table.c.household_id.in_(chunk)))
    return {(income.household_id, income.year): income for income in found.values()}


def _reckoned(income: IncomeDraft | None, site: Site) -> IncomeResult | None:
    return reckon(income, site.profile) if income else None


def _vote(case: ExitDraft, meeting: EvaluationDraft | None) -> Vote | None:
    if meeting is None:
        return None
    return Vote(meeting.due, meeting.present, case.votes_for, case.votes_against, case.abstained, case.recused_count)


def _of_household(refusal: Refused, household: HouseholdDraft) -> Refused:
    """The refusal with the household's number and head before each problem."""
    head = household.head.name if household.head else ""
    return Refused(
        Problem(say("Household {no} {head}: {what}", no=household.no, head=head, what=problem.text), *_rest(problem))
        for problem in refusal.problems
    )


def _rest(problem: Problem) -> tuple[str, str]:
    return problem.field, problem.rule
