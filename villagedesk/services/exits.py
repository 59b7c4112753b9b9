"""Exit cases through the profile's procedure: no step out of order, none around a hard blocker (DOMAIN §3, §5.3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from villagedesk.drafts.exit import CheckDraft, EvaluationDraft, ExitDraft, SignatureDraft
from villagedesk.drafts.household import HouseholdDraft
from villagedesk.drafts.notice import NoticeDraft
from villagedesk.errors import Problem, Refused
from villagedesk.policy.cases import Blocker
from villagedesk.policy.criteria import Assessment
from villagedesk.policy.procedures import NoticeEvent, Procedure, Step, carried, on_upheld, procedure
from villagedesk.policy.quorum import Vote
from villagedesk.policy.signoff import SignoffScheme, blockers
from villagedesk.records.load import load, load_where
from villagedesk.records.schema import RECORDS
from villagedesk.services.clockwatch import demand_clock
from villagedesk.services.exit_cases import case_of, demand_past, of_household, voted
from villagedesk.services.exit_facts import Known, assessed, facts_of, incomes_of, known_of
from villagedesk.services.following import Ballot
from villagedesk.services.households import one
from villagedesk.services.meetings import demand_sane, write_meeting
from villagedesk.services.signed_papers import mark_signed
from villagedesk.services.signing import current_scheme, record_marks, scheme_of, set_marks_aside
from villagedesk.services.site import Site
from villagedesk.services.step_rules import Heeded, StepRules
from villagedesk.store.work import Change, Work
from villagedesk.text import say
from villagedesk.values import Step as Told
from villagedesk.values import each_told, group_order, no_step

_SIGNED = "sign"  # the step after which the sheet counts as signed
EXITED = "1"  # code of poverty_state


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


@dataclass(frozen=True)
class Taken:
    """What became of a step taken with many cases: the change, and who could not go, by case."""

    change: Change
    refused: Mapping[str, Refused]


class Exits:
    """The exits of a village."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._rules = StepRules(site, "exit")

    @property
    def procedure(self) -> Procedure:
        """The profile's exit procedure in the order in force."""
        return procedure(self._site.profile, "exit")

    @property
    def scheme(self) -> SignoffScheme:
        """The sign-off scheme in force; confirmed once the township has fixed it."""
        return current_scheme(self._site)

    def scheme_of(self, case: ExitDraft) -> SignoffScheme:
        """The sign-off scheme of one case: the one it was signed by, else the one in force."""
        return scheme_of(self._site, case)

    def propose(self, year: int, household_ids: Sequence[str], reason: str, step: Told = no_step) -> Change:
        """Open cases for households planned to exit in ``year``. A household has one open case at a time."""
        with self._site.store.work("exit.propose", reason) as work:
            for household_id in each_told(household_ids, step):
                self._open_case(work, year, household_id)
        return work.change

    def get(self, case_id: str) -> ExitDraft:
        """One case with its checks and signatures. Raises Refused when there is none."""
        with self._site.store.read() as connection:
            return case_of(connection, case_id)

    def of_year(self, year: int) -> tuple[ExitRow, ...]:
        """The year's list, by village group and household number."""
        table = RECORDS["exit"].table
        with self._site.store.read() as connection:
            cases = load_where(connection, "exit", table.c.year == year, table.c.village == self._site.village)
            if not cases:
                return ()
            households = load(connection, "household", [case.household_id for case in cases.values()])
            known = known_of(self._site, connection, list(cases.values()))
            ruled = self._rules.of_households(connection, list(households))
            rows = [
                self._row(case, households[case.household_id], known, ruled)
                for case in cases.values()
                if case.household_id in households
            ]
        return tuple(sorted(rows, key=lambda row: (*group_order(row.household.group), row.household.no)))

    def years(self) -> tuple[int, ...]:
        """The years with cases, the newest first."""
        table = RECORDS["exit"].table
        wanted = select(table.c.year).where(table.c.village == self._site.village).distinct()
        with self._site.store.read() as connection:
            return tuple(sorted((int(year) for year in connection.scalars(wanted)), reverse=True))

    def row(self, case_id: str) -> ExitRow:
        """One case as the workbench shows it."""
        with self._site.store.read() as connection:
            return self.row_of(connection, case_id)

    def row_of(self, connection: Connection, case_id: str) -> ExitRow:
        """One case as the workbench shows it, inside a transaction."""
        case = case_of(connection, case_id)
        ruled = self._rules.of_households(connection, [case.household_id])
        return self._row(case, one(connection, case.household_id), known_of(self._site, connection, [case]), ruled)

    def all(self) -> tuple[ExitDraft, ...]:
        """Every case of the village, in order of opening."""
        table = RECORDS["exit"].table
        with self._site.store.read() as connection:
            return tuple(load_where(connection, "exit", table.c.village == self._site.village).values())

    def assess(self, household_id: str, year: int) -> tuple[Assessment, ...]:
        """The exit criteria held against a household that need not have a case yet."""
        with self._site.store.read() as connection:
            household = one(connection, household_id)
            income = incomes_of(connection, [household_id]).get((household_id, year))
        return assessed(self._site, household, income, year, ())

    def record_checks(self, case_id: str, on: date, by: str, checks: Sequence[CheckDraft], reason: str) -> Change:
        """Write down what was found at the door."""
        with self._site.store.work("exit.check", reason) as work:
            self._open(work, case_id)
            demand_past(self._site, {"verified_on": on})
            work.put("exit", self._site.village, {"verified_on": on, "verified_by": by}, case_id)
            for check in checks:
                work.put_draft("exit_check", self._site.village, check, case_id=case_id)
        return work.change

    def evaluate(
        self, meeting: EvaluationDraft, votes: Mapping[str, Vote], reason: str, recused: Mapping[str, str] | None = None
    ) -> Change:
        """Write down a villagers' meeting and its vote on each case; no case takes its step by this.

        Raises Refused when numbers do not add up.
        """
        demand_past(self._site, {"held_on": meeting.held_on})
        with self._site.store.work("exit.evaluate", reason) as work:
            held = write_meeting(self._site, work, replace(meeting, subject_ids=tuple(votes)))
            for case_id, vote in votes.items():
                self._open(work, case_id)
                demand_sane(self._site, vote)
                values = voted(held, Ballot(vote, (recused or {}).get(case_id, "")))
                work.put("exit", self._site.village, values, case_id)
        return work.change

    def answer(self, case_id: str, answer: str, on: date, why: str, reason: str) -> Change:
        """Write down whether the household agrees to the exit (``agrees`` or ``disagrees``); no reason is demanded."""
        if answer not in {"agrees", "disagrees"}:
            raise Refused([Problem(say("Enter whether the household agrees or disagrees."), "household_answer")])
        with self._site.store.work("exit.answer", reason) as work:
            self._open(work, case_id)
            demand_past(self._site, {"answered_on": on})
            values = {"household_answer": answer, "answered_on": on, "answer_reason": why}
            work.put("exit", self._site.village, values, case_id)
        return work.change

    def sign(self, case_id: str, signatures: Sequence[SignatureDraft], reason: str) -> Change:
        """Record marks that persons made on paper; the first one freezes whom the sheet speaks of."""
        with self._site.store.work("exit.sign", reason) as work:
            record_marks(self._site, work, self._open(work, case_id), signatures)
        return work.change

    def discard_signatures(self, case_id: str, reason: str) -> Change:
        """Set the recorded marks aside, because the sheet has to be signed anew; they stay in the history."""
        with self._site.store.work("exit.unsign", reason) as work:
            set_marks_aside(self._site, work, self._open(work, case_id))
        return work.change

    def take(self, case_ids: Sequence[str], verb: str, reason: str, **values: Any) -> Change:
        """Take one step of the procedure with each case; ``values`` are fields of the case set with it.

        Raises Refused naming household, blocker and remedy when one of them cannot go; then none has gone.
        """
        with self._site.store.work(f"exit.{verb}", reason) as work:
            for case_id in case_ids:
                self._step(work, case_id, verb, reason, values)
        return work.change

    def take_possible(
        self, case_ids: Sequence[str], verb: str, reason: str, step: Told = no_step, **values: Any
    ) -> Taken:
        """Take one step with each case that can go; who is held up holds up nobody else (DOMAIN §5.6)."""
        with self._site.store.work(f"exit.{verb}", reason) as work:
            refused: dict[str, Refused] = {}
            for case_id in each_told(case_ids, step):
                try:
                    self._step(work, case_id, verb, reason, values)
                except Refused as refusal:
                    refused[case_id] = refusal
        return Taken(work.change, refused)

    def carry(self, work: Work, case_id: str, notice: NoticeDraft, event: NoticeEvent, on: date, reason: str) -> None:
        """Take the step that a notice takes along, if there is one; the days are the notice's own."""
        del on
        verb = carried(self.procedure, case_of(work.connection, case_id).state, notice.kind, event)
        if verb:
            self._step(work, case_id, verb, reason, {})

    def send_back(self, work: Work, case_id: str, reason: str) -> None:
        """Return an open case to helping, inside a transaction: an objection against it was upheld."""
        verb = on_upheld(self.procedure, case_of(work.connection, case_id).state)
        if verb:
            self._step(work, case_id, verb, reason, {})

    def decide(self, work: Work, case_id: str, verb: str, meeting: EvaluationDraft, count: Ballot, reason: str) -> None:
        """Write down how a meeting voted, then take the step that rests on it; refused, the vote stays on record."""
        self._open(work, case_id)
        work.put("exit", self._site.village, voted(meeting, count), case_id)
        self._step(work, case_id, verb, reason, {})

    def _step(self, work: Work, case_id: str, verb: str, reason: str, values: Mapping[str, Any]) -> None:
        demand_clock(self._site, work.connection)
        stored = case_of(work.connection, case_id)
        case = replace(stored, **values)
        household = one(work.connection, case.household_id)
        try:
            demand_past(self._site, values)
            ruled = self._rules.of_households(work.connection, [household.id])
            found = self._blockers(case, household, known_of(self._site, work.connection, [case]), ruled)
            state = self.procedure.advance(case.state, verb, found, reason)
        except Refused as refusal:
            raise of_household(refusal, household) from refusal
        effect = self.procedure.effect(state)
        back = {"returned_reason": reason} if effect == "back" else {}
        work.put("exit", self._site.village, {**values, "state": state, **back}, case_id)
        if verb == _SIGNED:
            mark_signed(self._site, work, "signoff_sheet", case_id)
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

    def _row(self, case: ExitDraft, household: HouseholdDraft, known: Known, ruled: Heeded) -> ExitRow:
        found = self._blockers(case, household, known, ruled)
        income = known.incomes.get((household.id, case.year))
        return ExitRow(
            case=case,
            household=household,
            state_title=self.procedure.states[case.state].title if case.state in self.procedure.states else case.state,
            assessments=assessed(self._site, household, income, case.year, case.checks),
            blockers=found,
            steps=self.procedure.next(case.state, found),
        )

    def _blockers(self, case: ExitDraft, household: HouseholdDraft, known: Known, ruled: Heeded) -> tuple[Blocker, ...]:
        found = blockers(scheme_of(self._site, case), facts_of(self._site, case, household, known))
        return tuple(sorted((*found, *ruled.get(household.id, ())), key=lambda blocker: not blocker.hard))
