"""Courses of those procedures of the profile that need no record of their own: identification, removal, adjustment.

The pack says which they are (``subject``), which steps they have, what each step asks for and what bars it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Connection

from villagedesk.drafts.course import CourseDraft
from villagedesk.drafts.exit import EvaluationDraft
from villagedesk.drafts.household import HouseholdDraft
from villagedesk.drafts.notice import NoticeDraft
from villagedesk.errors import Problem, Refused
from villagedesk.policy.cases import Blocker
from villagedesk.policy.checks.run import run_checks
from villagedesk.policy.course_gates import CourseFacts, course_blockers
from villagedesk.policy.pack_steps import NoticeStage, Transition
from villagedesk.policy.procedures import NoticeEvent, Procedure, Step, carried, leads_to, on_upheld, procedure
from villagedesk.records.load import load, load_where
from villagedesk.records.schema import RECORDS
from villagedesk.services.checks import Checks, village_file
from villagedesk.services.clockwatch import demand_clock
from villagedesk.services.event_course import Occasion
from villagedesk.services.events import strike_off
from villagedesk.services.following import Ballot
from villagedesk.services.households import last_known, one
from villagedesk.services.objected import open_against
from villagedesk.services.site import Site
from villagedesk.store.work import Change, Work
from villagedesk.text import say

REGISTERED = "0"  # code of poverty_state
_ASKED: Mapping[str, Mapping[str, str]] = {
    "visit": {"visited_by": "visited_by"}, "approval": {"approval": "approval"}, "heard": {"heard": "heard"},
    "ground": {"ground": "ground", "note": "note"},
    "meeting": {
        "due": "due", "present": "present", "agree": "votes_for", "against": "votes_against", "abstain": "abstained",
    },
}  # fmt: skip
"""What a step asks for → its plain names → the fields of the course."""
_COUNTS = frozenset(_ASKED["meeting"])


@dataclass(frozen=True)
class CourseRow:
    """A course in the list: whom it is about (None: the village), where it stands, what leads on."""

    course: CourseDraft
    household: HouseholdDraft | None
    state_title: str
    steps: tuple[Step, ...]
    open: bool


class Courses:
    """The courses of a village."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def procedures(self) -> tuple[Procedure, ...]:
        """The procedures of the profile that are run as courses."""
        rules = self._site.profile.procedures
        return tuple(procedure(self._site.profile, key) for key, each in rules.items() if each.subject)

    def about_household(self, key: str) -> bool:
        """Whether a course of this procedure is about one household."""
        return self._site.profile.procedures[key].subject == "household"

    def begin(self, key: str, subject_id: str, year: int, on: date, reason: str) -> Change:
        """Begin a course. Raises Refused for a day ahead, or while another one of the kind is open for the subject."""
        way = self._way(key)
        with self._site.store.work(f"{key}.begin", reason) as work:
            if on > self._site.today():
                raise Refused([Problem(say("A step is dated in the future. Correct the date."), "began_on")])
            if self.about_household(key):
                one(work.connection, subject_id)
            earlier = work.rows("course", procedure=key, subject_id=subject_id)
            about_year = [row for row in earlier if row["year"] == year]
            if any(not way.effect(row["state"]) for row in earlier if row["year"] == year or subject_id):
                raise Refused([Problem(say("“{title}” is under way already.", title=way.title), "subject_id")])
            profile = self._site.profile
            draft = CourseDraft(
                procedure=key, subject_id=subject_id, year=year, attempt=1 + len(about_year), profile=profile.id,
                profile_version=profile.version, state=way.start, began_on=on,
            )  # fmt: skip
            work.put_draft("course", self._site.village, draft)
        return work.change

    def take(self, course_id: str, verb: str, on: date, reason: str, **asked: Any) -> Change:
        """Take one step on a day, with what it asks for by plain names (due, present, agree, notice_from …).

        Raises Refused naming blocker, field and remedy, or for a day ahead or before the step taken last.
        """
        with self._site.store.work("course.step", reason) as work:
            self._step(work, _course(work.connection, course_id), verb, on, reason, asked)
        return work.change

    def carry(self, work: Work, case_id: str, notice: NoticeDraft, event: NoticeEvent, on: date, reason: str) -> None:
        """Take the step that a notice takes along, if there is one."""
        course = _course(work.connection, case_id)
        verb = carried(self._way(course.procedure), course.state, notice.kind, event)
        if verb:
            days = {"notice_from": notice.posted_on, "notice_until": notice.ends_on} if event == "post" else {}
            self._step(work, course, verb, on, reason, days)

    def send_back(self, work: Work, case_id: str, reason: str) -> None:
        """An objection against the course was upheld."""
        course = _course(work.connection, case_id)
        verb = on_upheld(self._way(course.procedure), course.state)
        if verb:
            self._step(work, course, verb, self._site.today(), reason, {})

    def decide(self, work: Work, case_id: str, verb: str, meeting: EvaluationDraft, count: Ballot, reason: str) -> None:
        """Write down how a meeting voted, then take the step that rests on it; refused, the vote stays on record."""
        asked = {
            "evaluation_id": meeting.id, "held_on": meeting.held_on, "due": meeting.due, "present": meeting.present,
            "votes_for": count.vote.agree, "votes_against": count.vote.against, "abstained": count.vote.abstain,
            "recused": count.recused,
        }  # fmt: skip
        work.put("course", self._site.village, asked, case_id)
        self._step(work, _course(work.connection, case_id), verb, meeting.held_on or self._site.today(), reason, {})

    def _step(
        self, work: Work, stored: CourseDraft, verb: str, on: date, reason: str, asked: Mapping[str, Any]
    ) -> None:
        demand_clock(self._site, work.connection)
        way = self._way(stored.procedure)
        self._demand_day(stored, on)
        values = self._values(work.connection, stored, way, verb, on, asked)
        course = replace(stored, **values)
        state = way.advance(course.state, verb, self._blockers(work.connection, course, on), reason)
        effect = way.effect(state)
        back = {"returned_reason": reason} if effect == "back" else {}
        taken = (*stored.steps, (verb, on.isoformat()))
        work.put("course", self._site.village, {**values, **back, "state": state, "steps": taken}, stored.id)
        if effect == "registered":
            self._register(work, course, on)
        if effect == "removed":
            ground = self._site.codes.word("removal_ground", course.ground)
            strike_off(self._site, work, course.subject_id, Occasion(on, document=course.approval, note=ground))

    def of_procedure(self, key: str) -> tuple[CourseRow, ...]:
        """Every course of one procedure, the newest first."""
        table = RECORDS["course"].table
        with self._site.store.read() as connection:
            found = load_where(connection, "course", table.c.village == self._site.village, table.c.procedure == key)
            return tuple(self._row(connection, course) for course in reversed(list(found.values())))

    def stage(self, kind: str) -> NoticeStage | None:
        """How a kind of notice hangs; None where the profile has no such kind."""
        notice = self._site.profile.notices.get(kind)
        return next(iter(notice.stages.values()), None) if notice else None

    def _row(self, connection: Connection, course: CourseDraft) -> CourseRow:
        way = self._way(course.procedure)
        steps = way.next(course.state, self._blockers(connection, course, self._site.today()))
        household = last_known(connection, course.subject_id) if course.subject_id else None
        title = way.states[course.state].title if course.state in way.states else course.state
        return CourseRow(course, household, title, steps, not way.effect(course.state))

    def _way(self, key: str) -> Procedure:
        rules = self._site.profile.procedures.get(key)
        if rules is None or not rules.subject:
            raise Refused(say("This policy runs no course “{key}”.", key=key))
        return procedure(self._site.profile, key)

    def _values(
        self, connection: Connection, course: CourseDraft, way: Procedure, verb: str, on: date, asked: Mapping[str, Any]
    ) -> dict[str, Any]:
        step = next((each for each in way.transitions if each.key == verb and course.state in each.from_), None)
        if step is None:
            return {}
        names = {name: field for ask in step.asks for name, field in _ASKED.get(ask, {}).items()}
        values: dict[str, Any] = {
            field: asked[name] or (0 if name in _COUNTS else "") for name, field in names.items() if name in asked
        }
        if "meeting" in step.asks:
            values["held_on"] = on
        if step.withdrawn_with:
            values["notices"] = course.notices[:-1]
        days = self._days(connection, course, step, on, asked) if step.notice else None
        if days:
            values["notices"] = (*course.notices, (verb, *(day.isoformat() for day in days)))
        return values

    def _days(
        self, connection: Connection, course: CourseDraft, step: Transition, on: date, asked: Mapping[str, Any]
    ) -> tuple[date, date] | None:
        """First and last day on the board: what the step asks for, else those of the notice that hangs."""
        if "days" not in step.asks:
            return _days_of(self._hanging(connection, course), _last_day(course, on), on)
        first, last = asked.get("notice_from"), asked.get("notice_until")
        if first is None or last is None:
            raise Refused([Problem(say("Enter the first and the last day on the board."), "notice_from")])
        if first < on:
            raise Refused([Problem(say("The notice cannot hang before it is posted."), "notice_from")])
        return first, last

    def _hanging(self, connection: Connection, course: CourseDraft) -> NoticeDraft | None:
        """The notice that the next step of the course posts, once it is on the board."""
        kinds = [way.notice for way in self._way(course.procedure).transitions if course.state in way.from_]
        table, life = RECORDS["notice"].table, procedure(self._site.profile, "notice")
        found = load_where(
            connection, "notice", table.c.village == self._site.village, table.c.kind.in_(list(filter(None, kinds)))
        ).values()
        mine = (each for each in found if course.id in each.case_ids and each.posted_on)
        return next((each for each in mine if life.effect(each.state) != "back"), None)

    def _minutes_signed(self, connection: Connection, course: CourseDraft) -> bool:
        """Whether the minutes of the meeting that decided came back signed."""
        life = procedure(self._site.profile, "evaluation")
        states = [meeting.state for meeting in load(connection, "evaluation", [course.evaluation_id]).values()]
        return any(life.effect(each) != "back" and not leads_to(life, each, "minute") for each in states)

    def _demand_day(self, course: CourseDraft, on: date) -> None:
        if on > self._site.today():
            raise Refused([Problem(say("A step is dated in the future. Correct the date."), "on")])
        last = _last_day(course, on)
        if on < last:
            raise Refused([Problem(say("The step before was taken on {day}. Correct the date.", day=last), "on")])

    def _blockers(self, connection: Connection, course: CourseDraft, on: date) -> tuple[Blocker, ...]:
        """What stands in the way of a step on that day."""
        household = load(connection, "household", [course.subject_id]).get(course.subject_id)
        income = RECORDS["income"].table
        statements = load_where(
            connection, "income", income.c.household_id == course.subject_id, income.c.year == course.year
        )
        facts = CourseFacts(
            self._site.profile, course, on, household, bool(statements), self._posted(course),
            self._hanging(connection, course) is not None, self._minutes_signed(connection, course),
            open_against(self._site, connection, course.id), self._errors(connection, course),
        )  # fmt: skip
        return course_blockers(facts)

    def _posted(self, course: CourseDraft) -> NoticeStage | None:
        """How the posting made last hangs."""
        if not course.notices:
            return None
        ways = self._way(course.procedure).transitions
        kind = next((way.notice for way in ways if way.key == course.notices[-1][0]), "")
        return self.stage(kind)

    def _errors(self, connection: Connection, course: CourseDraft) -> int | None:
        """Errors in the files, counted only where a step that leads on asks for clean data."""
        ways = [way for way in self._way(course.procedure).transitions if course.state in way.from_]
        if not any("clean" in way.guards for way in ways):
            return None
        files = village_file(connection, self._site.village)
        exemptions = load_where(connection, "exemption").values()
        return run_checks(files, Checks(self._site).context(course.year), exemptions=exemptions).counts["E"]

    def _register(self, work: Work, course: CourseDraft, on: date) -> None:
        values = {"state": REGISTERED, "identified_year": on.year}
        work.put("household", self._site.village, values, course.subject_id)


def _last_day(course: CourseDraft, on: date) -> date:
    """The day of the step taken last."""
    return date.fromisoformat(course.steps[-1][1]) if course.steps else course.began_on or on


def _days_of(notice: NoticeDraft | None, last: date, on: date) -> tuple[date, date] | None:
    if notice is None or notice.posted_on is None or notice.ends_on is None:
        return None
    if not last <= notice.posted_on <= on:
        text = say("The notice hangs since {day}, not between the last step and this one. Withdraw it, post it anew.",
                   day=notice.posted_on)  # fmt: skip
        raise Refused([Problem(text, "on", "steps_in_order")])
    return notice.posted_on, notice.ends_on


def _course(connection: Connection, course_id: str) -> CourseDraft:
    found: Mapping[str, CourseDraft] = load(connection, "course", [course_id])
    if course_id not in found:
        raise Refused(say("This record is not in the desk any more."))
    return found[course_id]
