"""Plans and their measures, from draft to the yearly effect (DOMAIN §5.9; N-9.1, GZ-5.2).

A measure that starts rests on the plan's signature and, where it concerns a person, on that person's wish. A line whose
person or kind changes has not started: the one before ended with the change.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import Connection

from villagedesk.drafts.plan import MeasureDraft, PlanDraft
from villagedesk.errors import Problem, Refused
from villagedesk.policy.cases import Blocker
from villagedesk.policy.measures import missing_at_end
from villagedesk.policy.plan_gates import PlanFacts, plan_blockers
from villagedesk.policy.procedures import Procedure, procedure
from villagedesk.policy.wishes import same_concern
from villagedesk.records.load import load, load_where
from villagedesk.records.schema import RECORDS
from villagedesk.services.clockwatch import demand_clock
from villagedesk.services.consent import wishes_of
from villagedesk.services.households import one
from villagedesk.services.measures import CLOSED, demand_newest
from villagedesk.services.site import Site
from villagedesk.services.starting import blocker_problem, start_problems
from villagedesk.services.step_rules import StepRules
from villagedesk.store.work import Change, Work
from villagedesk.text import say

_AT_SIGNING = frozenset({"wishes_asked", "causes_answered", "livelihood"})
"""Gates that can be looked at before the household signs."""

_OPEN = frozenset({"planned", "active"})
"""States in which the household's signature says yes or no to a measure."""

T = TypeVar("T")


class Plans:
    """The plans of a village's households."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._rules = StepRules(site, "plan")

    def of_household(self, household_id: str) -> tuple[PlanDraft, ...]:
        """The household's plans, newest year and version first, the plan of a year before that of the term."""
        return self.of_households([household_id]).get(household_id, ())

    def of_households(self, household_ids: Sequence[str]) -> Mapping[str, tuple[PlanDraft, ...]]:
        """As :meth:`of_household` for several at once; households without a plan are not in it."""
        table = RECORDS["plan"].table
        with self._site.store.read() as connection:
            found = load_where(connection, "plan", table.c.household_id.in_(household_ids))
        newest = sorted(found.values(), key=lambda plan: (plan.year, plan.horizon, plan.version), reverse=True)
        plans: dict[str, tuple[PlanDraft, ...]] = {}
        for plan in newest:
            plans[plan.household_id] = (*plans.get(plan.household_id, ()), plan)
        return plans

    def all(self) -> tuple[PlanDraft, ...]:
        """Every plan of the village, in order of making."""
        table = RECORDS["plan"].table
        with self._site.store.read() as connection:
            return tuple(load_where(connection, "plan", table.c.village == self._site.village).values())

    def get(self, plan_id: str) -> PlanDraft:
        """One plan with its measures. Raises Refused when there is none."""
        with self._site.store.read() as connection:
            return _plan(connection, plan_id)

    @property
    def procedure(self) -> Procedure:
        """The profile's cycle of a plan."""
        return procedure(self._site.profile, "plan")

    def check(self, plan: PlanDraft) -> tuple[Problem, ...]:
        """What still keeps the household from being asked to sign this plan (M01, M02, XJ-5.1)."""
        with self._site.store.read() as connection:
            found = self._blockers(connection, plan)
        before = [blocker_problem(blocker) for blocker in found if blocker.key in _AT_SIGNING]
        return (*before, *_responsible_problems(plan), *self._horizon_problems(plan))

    def _horizon_problems(self, plan: PlanDraft) -> Iterator[Problem]:
        """Where the profile has two horizons, the plan of the term stands beside that of the year; only shown."""
        others = {each.horizon for each in self.of_household(plan.household_id)} | {plan.horizon}
        if "term" in self.horizons and "term" not in others:
            yield Problem(say("This scheme asks for a plan of the whole term as well. Make one."), "horizon", "GZ-5.1")

    def save(self, draft: PlanDraft, reason: str) -> Change:
        """Save a plan with its measures. A plan the household has agreed to is changed as a new version."""
        with self._site.store.work("plan.save", reason) as work:
            stored = work.row("plan", draft.id) if draft.id else None
            if stored and stored["agreed_on"]:
                raise Refused(say("The household has agreed to this plan. Change it as a new version."))
            problems = [problem for measure in draft.measures for problem in self._measure_problems(measure)]
            if problems:
                raise Refused(problems)
            before = {each.id: each for each in _plan(work.connection, draft.id).measures} if stored else {}
            measures = tuple(_as_it_stood(each, before.get(each.id)) for each in draft.measures)
            self._put(work, replace(self._unsigned(draft), measures=measures))
        return work.change

    def _unsigned(self, plan: PlanDraft) -> PlanDraft:
        """A plan as it is before anybody signs: saving a form signs nothing and starts nothing."""
        return replace(
            plan,
            state=self.procedure.start,
            agreed_on=None,
            agreed_by="",
            effect="",
            effect_on=None,
            reviewed_on=None,
            checked_on=None,
        )

    def new_version(self, plan_id: str, reason: str) -> Change:
        """Copy an agreed plan into the next version, to be changed and agreed to anew; the old one stays."""
        with self._site.store.work("plan.version", reason) as work:
            plan = _plan(work.connection, plan_id)
            fresh = replace(self._unsigned(plan), id="", revision=0, version=plan.version + 1)
            measures = tuple(replace(_unanswered(each), id="", revision=0, plan_id="") for each in plan.measures)
            self._put(work, replace(fresh, measures=measures))
        return work.change

    def agree(
        self, plan_id: str, signer: str, on: date, refused_part: str, reason: str, refused: Collection[str] = ()
    ) -> Change:
        """The household signed the plan on paper, all its lines but those whose ids are in ``refused``.

        A refused line closes and never runs; it costs the household nothing else. ``refused_part``: further words.
        Raises Refused for what :meth:`check` says.
        """
        said = {"agreed_on": on, "agreed_by": signer.strip(), "refused_part": refused_part}
        with self._site.store.work("plan.agree", reason) as work:
            plan = _plan(work.connection, plan_id)
            if set(refused) - {measure.id for measure in plan.measures}:
                raise Refused(say("This record is not in the desk any more."))
            problems = list(_responsible_problems(plan, refused))
            if problems:
                raise Refused(problems)
            self._write_answers(work, plan, refused)
            self._step(work, plan_id, "agree", reason, said)
        return work.change

    def _write_answers(self, work: Work, plan: PlanDraft, refused: Collection[str]) -> None:
        for measure in plan.measures:
            if measure.state in _OPEN:
                closed = {"state": "declined" if measure.state == "planned" else "withdrawn"}
                answer = {"accepted": False, **closed} if measure.id in refused else {"accepted": True}
                work.put("measure", self._site.village, answer, measure.id)

    def review(self, plan_id: str, effect: str, on: date, reason: str) -> Change:
        """The household confirmed by its signature what came of the plan in its year."""
        with self._site.store.work("plan.review", reason) as work:
            self._step(work, plan_id, "review", reason, {"effect": effect, "effect_on": on, "reviewed_on": on})
        return work.change

    def checked(self, plan_id: str, on: date, reason: str) -> Change:
        """The plan was gone through with the household for the quarter. Raises Refused before its signature."""
        with self._site.store.work("plan.checked", reason) as work:
            plan = _plan(work.connection, plan_id)
            if plan.agreed_on is None:
                raise Refused(say("The household has not signed the plan yet. Let it sign first."))
            if on > self._site.today() or on < plan.agreed_on:
                raise Refused([Problem(say("The day lies in the future. Correct the date."), "checked_on")])
            work.put("plan", self._site.village, {"checked_on": on}, plan_id)
        return work.change

    @property
    def horizons(self) -> tuple[str, ...]:
        """What plans the profile asks for: of the year, and in some schemes of the whole term (GZ-5.1)."""
        return self._site.profile.plan.horizons

    def take(self, plan_id: str, verb: str, reason: str) -> Change:
        """Take another step of the cycle: ``finish``, or ``reopen`` with the reason; a reopened plan is agreed anew."""
        values = {"agreed_on": None, "agreed_by": ""} if verb == "reopen" else {}
        with self._site.store.work(f"plan.{verb}", reason) as work:
            self._step(work, plan_id, verb, reason, values)
            for measure in _plan(work.connection, plan_id).measures if verb == "reopen" else ():
                work.put("measure", self._site.village, {"accepted": _unanswered(measure).accepted}, measure.id)
        return work.change

    def start(self, measure_id: str, on: date, reason: str) -> Change:
        """Begin a measure. Raises Refused without the agreed plan, or without the wish of the person concerned."""
        with self._site.store.work("measure.start", reason) as work:
            demand_clock(self._site, work.connection)
            measure = self._measure(work, measure_id)
            plan = _plan(work.connection, measure.plan_id)
            problems = list(start_problems(self._site, work.connection, measure, plan, on))
            if problems:
                raise Refused(problems)
            work.put("measure", self._site.village, {"state": "active", "starts_on": on}, measure_id)
            if any(step.verb == "start" for step in self.procedure.next(plan.state)):
                self._step(work, plan.id, "start", reason, {})
        return work.change

    def finish(self, measure_id: str, on: date, result: str, reason: str) -> Change:
        """End a measure with what came of it; money is booked apart, with its voucher (``measures.pay``)."""
        with self._site.store.work("measure.finish", reason) as work:
            measure = self._measure(work, measure_id)
            if measure.state != "active":
                raise Refused(say("Only a measure under way can be finished. Start it first."))
            problems = list(missing_at_end(self._site.profile, measure))
            if on > self._site.today():
                problems.append(Problem(say("The day lies in the future. Correct the date."), "done_on"))
            if problems:
                raise Refused(problems)
            work.put("measure", self._site.village, {"state": "done", "done_on": on, "result": result}, measure_id)
        return work.change

    def decline(self, measure_id: str, reason: str) -> Change:
        """The household does not want this measure; the line closes without any mark."""
        with self._site.store.work("measure.decline", reason) as work:
            self._measure(work, measure_id)
            work.put("measure", self._site.village, {"state": "declined"}, measure_id)
        return work.change

    def _measure(self, work: Work, measure_id: str) -> MeasureDraft:
        measure: MeasureDraft = _known(load(work.connection, "measure", [measure_id]).get(measure_id))
        demand_newest(work, measure)
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

    def _step(self, work: Work, plan_id: str, verb: str, reason: str, values: Mapping[str, Any]) -> None:
        demand_clock(self._site, work.connection)
        plan = replace(_plan(work.connection, plan_id), **values)
        ahead = [name for name, value in values.items() if isinstance(value, date) and value > self._site.today()]
        if ahead:
            raise Refused([Problem(say("The signature is dated in the future. Correct the date."), ahead[0])])
        ruled = self._rules.of_households(work.connection, [plan.household_id]).get(plan.household_id, ())
        state = self.procedure.advance(plan.state, verb, (*self._blockers(work.connection, plan), *ruled), reason)
        work.put("plan", self._site.village, {**values, "state": state}, plan_id)

    def _blockers(self, connection: Connection, plan: PlanDraft) -> tuple[Blocker, ...]:
        household = one(connection, plan.household_id)
        wishes = wishes_of(connection, plan.household_id)
        return plan_blockers(PlanFacts(self._site.profile, plan, household, wishes, self._site.today()))

    def _measure_problems(self, measure: MeasureDraft) -> Iterator[Problem]:
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


def _as_it_stood(measure: MeasureDraft, before: MeasureDraft | None) -> MeasureDraft:
    """A form starts, ends and answers nothing; what runs stops when it becomes another measure or another person's."""
    if before is None:
        return replace(measure, state="planned", accepted=None)
    stops = before.state == "active" and not same_concern(measure, before)
    return _unanswered(replace(measure, state="planned" if stops else before.state, accepted=before.accepted))


def _unanswered(measure: MeasureDraft) -> MeasureDraft:
    """What has not begun is asked about anew at the next signature; a line that is closed keeps its answer."""
    return replace(measure, accepted=None) if measure.state == "planned" else measure


def _responsible_problems(plan: PlanDraft, refused: Collection[str] = ()) -> Iterator[Problem]:
    for measure in plan.measures:
        if measure.state in CLOSED or measure.id in refused:
            continue
        if not measure.responsible.strip():
            yield Problem(say("Name who is responsible for “{content}”.", content=measure.content), "responsible")


def _plan(connection: Connection, plan_id: str) -> PlanDraft:
    plan: PlanDraft = _known(load(connection, "plan", [plan_id]).get(plan_id))
    return plan


def _known(found: T | None) -> T:
    if found is None:
        raise Refused(say("This record is not in the desk any more."))
    return found
