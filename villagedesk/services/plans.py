"""Wishes, plans and measures: the household's own wish comes first (DOMAIN §5.9, §8.5; N-9.1, GZ-5.2).

Refusal and withdrawal close a line without any mark; nothing here counts, ranks or presses anybody.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from typing import TypeVar

from sqlalchemy import Connection

from villagedesk.drafts.household import HouseholdDraft, MemberDraft
from villagedesk.drafts.plan import MeasureDraft, PlanDraft, WishDraft
from villagedesk.errors import Problem, Refused
from villagedesk.policy.pack import MeasureCategory, WishRule
from villagedesk.records.load import load, load_where
from villagedesk.records.schema import RECORDS
from villagedesk.services.households import one
from villagedesk.services.site import Site
from villagedesk.store.work import Change, Work
from villagedesk.text import say
from villagedesk.values import age_on

WILLING, UNWILLING, CONDITIONAL, UNDECIDED, GUARDIAN = "1", "2", "3", "4", "5"
_GIVEN = (WILLING, CONDITIONAL, GUARDIAN)
_MAJORITY = 18
_NOT_A_STUDENT = ("", "01")

T = TypeVar("T")


class Plans:
    """The wishes and plans of a village's households."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def wishes(self, household_id: str) -> tuple[WishDraft, ...]:
        """What the members of a household were asked and answered, in order of asking."""
        table = RECORDS["wish"].table
        with self._site.store.read() as connection:
            return tuple(load_where(connection, "wish", table.c.household_id == household_id).values())

    def save_wish(self, draft: WishDraft, reason: str) -> Change:
        """Record what one person said. Raises Refused when the asking does not meet §8.5."""
        with self._site.store.work("wish.save", reason) as work:
            household = one(work.connection, draft.household_id)
            problems = list(self._wish_problems(draft, household))
            if problems:
                raise Refused(problems)
            work.put_draft("wish", self._site.village, draft, new_id=self._site.store.ids())
        return work.change

    def withdraw_wish(self, wish_id: str, reason: str) -> Change:
        """A person takes the wish back, at any time and without giving a reason; its measures end with it."""
        with self._site.store.work("wish.withdraw", reason) as work:
            wish = _known(load(work.connection, "wish", [wish_id]).get(wish_id))
            work.put("wish", self._site.village, {"withdrawn_on": self._site.today()}, wish_id)
            for row in work.rows("measure", household_id=wish.household_id, member_id=wish.member_id):
                if row["wish_kind"] == wish.kind and row["state"] in {"planned", "active"}:
                    work.put("measure", self._site.village, {"state": "withdrawn"}, row["id"])
        return work.change

    def of_household(self, household_id: str) -> tuple[PlanDraft, ...]:
        """The household's plans, newest year and version first."""
        table = RECORDS["plan"].table
        with self._site.store.read() as connection:
            found = load_where(connection, "plan", table.c.household_id == household_id)
        return tuple(sorted(found.values(), key=lambda plan: (plan.year, plan.version), reverse=True))

    def all(self) -> tuple[PlanDraft, ...]:
        """Every plan of the village, in order of making."""
        table = RECORDS["plan"].table
        with self._site.store.read() as connection:
            return tuple(load_where(connection, "plan", table.c.village == self._site.village).values())

    def get(self, plan_id: str) -> PlanDraft:
        """One plan with its measures. Raises Refused when there is none."""
        with self._site.store.read() as connection:
            return _plan(connection, plan_id)

    def check(self, plan: PlanDraft) -> tuple[Problem, ...]:
        """What still keeps the household from being asked to sign this plan (M01, M02, XJ-5.1)."""
        with self._site.store.read() as connection:
            household = one(connection, plan.household_id)
            wishes = load_where(connection, "wish", RECORDS["wish"].table.c.household_id == plan.household_id)
        return tuple(self._plan_problems(plan, household, tuple(wishes.values())))

    def save(self, draft: PlanDraft, reason: str) -> Change:
        """Save a plan with its measures. A plan the household has agreed to is changed as a new version."""
        with self._site.store.work("plan.save", reason) as work:
            stored = work.row("plan", draft.id) if draft.id else None
            if stored and stored["agreed_on"]:
                raise Refused(say("The household has agreed to this plan. Change it as a new version."))
            problems = [problem for measure in draft.measures for problem in self._measure_problems(measure)]
            if problems:
                raise Refused(problems)
            self._put(work, draft)
        return work.change

    def new_version(self, plan_id: str, reason: str) -> Change:
        """Copy an agreed plan into the next version, to be changed and agreed to anew; the old one stays."""
        with self._site.store.work("plan.version", reason) as work:
            plan = _plan(work.connection, plan_id)
            fresh = replace(
                plan, id="", revision=0, version=plan.version + 1, state="draft", agreed_on=None, agreed_by=""
            )
            measures = tuple(replace(measure, id="", revision=0, plan_id="") for measure in plan.measures)
            self._put(work, replace(fresh, measures=measures))
        return work.change

    def agree(self, plan_id: str, signer: str, on: date, refused_part: str, reason: str) -> Change:
        """The household signed the plan on paper. Raises Refused for what :meth:`check` says."""
        with self._site.store.work("plan.agree", reason) as work:
            plan = _plan(work.connection, plan_id)
            household = one(work.connection, plan.household_id)
            wishes = load_where(work.connection, "wish", RECORDS["wish"].table.c.household_id == plan.household_id)
            problems = list(self._plan_problems(plan, household, tuple(wishes.values())))
            if on > self._site.today():
                problems.append(Problem(say("The signature is dated in the future. Correct the date."), "agreed_on"))
            if problems:
                raise Refused(problems)
            values = {"agreed_on": on, "agreed_by": signer, "refused_part": refused_part, "state": "agreed"}
            work.put("plan", self._site.village, values, plan_id)
        return work.change

    def start(self, measure_id: str, on: date, reason: str) -> Change:
        """Begin a measure. Raises Refused without the agreed plan, or without the wish of the person concerned."""
        with self._site.store.work("measure.start", reason) as work:
            measure = self._measure(work, measure_id)
            plan = _plan(work.connection, measure.plan_id)
            household = one(work.connection, plan.household_id)
            wishes = load_where(work.connection, "wish", RECORDS["wish"].table.c.household_id == plan.household_id)
            problems = list(self._start_problems(measure, plan, household, tuple(wishes.values()), on))
            if problems:
                raise Refused(problems)
            work.put("measure", self._site.village, {"state": "active", "starts_on": on}, measure_id)
        return work.change

    def finish(self, measure_id: str, on: date, result: str, paid: int, proof: str, reason: str) -> Change:
        """End a measure with what came of it; ``paid`` in fen."""
        with self._site.store.work("measure.finish", reason) as work:
            measure = self._measure(work, measure_id)
            if measure.state != "active":
                raise Refused(say("Only a measure under way can be finished. Start it first."))
            values = {"state": "done", "done_on": on, "result": result, "paid": paid, "proof": proof}
            work.put("measure", self._site.village, values, measure_id)
        return work.change

    def decline(self, measure_id: str, reason: str) -> Change:
        """The household does not want this measure; the line closes without any mark."""
        with self._site.store.work("measure.decline", reason) as work:
            self._measure(work, measure_id)
            work.put("measure", self._site.village, {"state": "declined"}, measure_id)
        return work.change

    def _measure(self, work: Work, measure_id: str) -> MeasureDraft:
        measure: MeasureDraft = _known(load(work.connection, "measure", [measure_id]).get(measure_id))
        return measure

    def _put(self, work: Work, draft: PlanDraft) -> None:
        profile = self._site.profile
        marked = replace(draft, profile=profile.id, profile_version=profile.version)
        plan_id = work.put_draft("plan", self._site.village, marked)
        kept = set()
        for measure in draft.measures:
            owned = replace(measure, plan_id=plan_id, household_id=draft.household_id)
            kept.add(work.put_draft("measure", self._site.village, owned, new_id=self._site.store.ids()))
        for row in work.rows("measure", plan_id=plan_id):
            if row["id"] not in kept:
                work.remove("measure", row["id"])

    def _wish_problems(self, wish: WishDraft, household: HouseholdDraft) -> Iterable[Problem]:
        rule = self._site.profile.wishes.get(wish.kind)
        member = _member(household, wish.member_id)
        if rule is None:
            yield Problem(say("Choose what the wish is about."), "kind")
            return
        if member is None:
            yield Problem(say("Choose the person who was asked. Nobody answers for another adult."), "member_id")
            return
        yield from _asking_problems(wish, rule)
        yield from _person_problems(wish, rule, member, self._site.today())

    def _measure_problems(self, measure: MeasureDraft) -> Iterable[Problem]:
        category = self._site.profile.measures.get(measure.category)
        if category is None:
            yield Problem(say("Choose the kind of measure from the list of this scheme."), "category")
        elif not category.for_household:
            yield Problem(
                say("“{title}” is work for the whole village, not for one household.", title=category.title), "category"
            )
        if not measure.content.strip():
            yield Problem(say("Say in plain words what will be done."), "content")
        if measure.amount < 0 or measure.paid < 0:
            yield Problem(say("An amount cannot be below zero."), "amount")

    def _plan_problems(
        self, plan: PlanDraft, household: HouseholdDraft, wishes: tuple[WishDraft, ...]
    ) -> Iterable[Problem]:
        if not wishes:
            yield Problem(
                say("Ask the household what it wishes, and record the answer, before it signs."), "wishes", "M01"
            )
        standing = [measure for measure in plan.measures if measure.state not in {"declined", "withdrawn"}]
        for cause in filter(None, (household.main_cause, *household.other_causes)):
            if not any(self._answers(measure, cause) for measure in standing):
                word = self._site.codes.word("cause", cause)
                yield Problem(say("No measure answers the cause “{cause}”. Add one.", cause=word), "measures", "M02")
        for measure in standing:
            if not measure.responsible.strip():
                text = say("Name who is responsible for “{content}”.", content=measure.content)
                yield Problem(text, "responsible")

    def _answers(self, measure: MeasureDraft, cause: str) -> bool:
        category = self._site.profile.measures.get(measure.category)
        return measure.cause == cause or (category is not None and cause in category.causes)

    def _start_problems(
        self,
        measure: MeasureDraft,
        plan: PlanDraft,
        household: HouseholdDraft,
        wishes: tuple[WishDraft, ...],
        on: date,
    ) -> Iterable[Problem]:
        if plan.agreed_on is None:
            yield Problem(say("The household has not signed the plan yet. Let it sign first."), "agreed_on")
        if measure.state != "planned":
            yield Problem(say("Only a planned measure can be started."), "state")
        category = self._site.profile.measures.get(measure.category)
        kinds = set(category.wishes if category else ()) | ({measure.wish_kind} if measure.wish_kind else set())
        if kinds:
            yield from self._consent_problems(measure, household, wishes, kinds, on)
        if category and category.able_only:
            yield from _able_problems(measure, category, household, on)

    def _consent_problems(
        self,
        measure: MeasureDraft,
        household: HouseholdDraft,
        wishes: tuple[WishDraft, ...],
        kinds: set[str],
        on: date,
    ) -> Iterable[Problem]:
        """§8.5: a valid wish of the person concerned, not withdrawn, its days of reflection over."""
        member = _member(household, measure.member_id)
        if member is None:
            yield Problem(say("Say which person this measure concerns; that person's own wish is needed."), "member_id")
            return
        asked = [wish for wish in wishes if wish.member_id == member.id and wish.kind in kinds]
        given = [wish for wish in asked if wish.answer in _GIVEN and wish.withdrawn_on is None and wish.asked_on]
        if not given:
            yield Problem(
                say("{name} has not said yes to this. Without that wish it cannot begin.", name=member.name), "wishes"
            )
            return
        free = min(wish.asked_on + timedelta(days=wish.cooling_days) for wish in given if wish.asked_on)
        if on < free:
            yield Problem(
                say("{name} may still think it over until {day}. Begin after that day.", name=member.name, day=free),
                "starts_on",
            )


def _asking_problems(wish: WishDraft, rule: WishRule) -> Iterable[Problem]:
    if wish.asked_on is None:
        yield Problem(say("Enter the day the person was asked."), "asked_on")
    if not wish.asked_by.strip():
        yield Problem(say("Enter who asked."), "asked_by")
    if rule.askers > 1 and not wish.second_asker.strip():
        yield Problem(say("Two persons ask about this together. Enter the second one."), "second_asker")
    if rule.alternatives and not wish.alternatives.strip():
        yield Problem(say("Enter what else was offered nearby, or why there was nothing."), "alternatives")
    if not wish.answer:
        yield Problem(say("Enter the answer; “undecided” is one."), "answer")
    if wish.cooling_days < rule.cooling_days:
        text = say("The person has at least {days} days to think it over.", days=rule.cooling_days)
        yield Problem(text, "cooling_days")


def _person_problems(wish: WishDraft, rule: WishRule, member: MemberDraft, today: date) -> Iterable[Problem]:
    minor = member.birth is not None and age_on(member.birth, today) < _MAJORITY
    if member.birth is not None and age_on(member.birth, today) < rule.min_age:
        yield Problem(say("{name} is too young for this and is not asked.", name=member.name), "member_id")
    if not rule.students and member.schooling not in _NOT_A_STUDENT:
        yield Problem(say("{name} is at school and is not asked about this.", name=member.name), "member_id")
    if wish.answer == GUARDIAN and not wish.guardian.strip():
        yield Problem(say("Enter the guardian who spoke for the person."), "guardian")
    if wish.guardian.strip() and wish.answer != GUARDIAN and not minor:
        yield Problem(
            say("An adult answers for himself or herself. Remove the guardian or change the answer."), "guardian"
        )


def _able_problems(
    measure: MeasureDraft, category: MeasureCategory, household: HouseholdDraft, on: date
) -> Iterable[Problem]:
    member = _member(household, measure.member_id)
    if member is None:
        return
    if member.labour in {"03", "04"}:
        text = say(
            "{name} has no capacity for work; “{title}” is not for this person.", name=member.name, title=category.title
        )
        yield Problem(text, "member_id", "N-4.1")
    if member.birth is not None and age_on(member.birth, on) < 16:
        yield Problem(say("{name} is under 16 and may not work.", name=member.name), "member_id", "A32")


def _member(household: HouseholdDraft, member_id: str) -> MemberDraft | None:
    return next((member for member in household.living if member.id == member_id), None)


def _plan(connection: Connection, plan_id: str) -> PlanDraft:
    plan: PlanDraft = _known(load(connection, "plan", [plan_id]).get(plan_id))
    return plan


def _known(found: T | None) -> T:
    if found is None:
        raise Refused(say("This record is not in the desk any more."))
    return found
