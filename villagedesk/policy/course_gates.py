"""What stands in the way of the steps of identification, removal and the yearly adjustment (DOMAIN §5.1, §5.2).

Each gate yields what it finds, under the name that the procedures' guards use.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from villagedesk.drafts.course import CourseDraft
from villagedesk.drafts.household import HouseholdDraft
from villagedesk.policy.cases import Blocker
from villagedesk.policy.codes import load_codes
from villagedesk.policy.gates import Gate, blockers, registered
from villagedesk.policy.notices import Finding, notice_findings
from villagedesk.policy.pack import Pack
from villagedesk.policy.pack_steps import NoticeStage
from villagedesk.policy.quorum import Vote, heads, quorum_problems
from villagedesk.text import say

STRIKE = "strike"  # the step of the household's own procedure that takes it off the register
OTHER_GROUND = "99"  # list removal_ground


@dataclass(frozen=True, slots=True)
class CourseFacts:
    """A course on the day ``today``. ``stage`` is the posting it waits for, None before there is one."""

    pack: Pack
    course: CourseDraft
    today: date
    household: HouseholdDraft | None = None
    has_income: bool = False  # a statement of the year
    stage: NoticeStage | None = None
    hangs: bool = False  # the notice of the next step is on the board
    minutes_signed: bool = False  # those of the meeting that decided
    open_objections: int = 0
    errors: int | None = None  # findings of class E; None where they were not looked for


COURSE_GATES: dict[str, Gate[CourseFacts]] = {}


def course_blockers(facts: CourseFacts) -> tuple[Blocker, ...]:
    """What stands in the way of a course, for ``Procedure.next`` and ``advance``."""
    return blockers(COURSE_GATES, facts)


@registered(COURSE_GATES)
def not_registered(facts: CourseFacts) -> Iterator[Finding]:
    """Who is on the register already is not identified again."""
    if facts.household is not None and facts.household.identified_year is not None:
        text = say("The household is on the register already.")
        yield text, "identified_year", say("Withdraw the application, or correct the year of recognition.")


@registered(COURSE_GATES)
def on_register(facts: CourseFacts) -> Iterator[Finding]:
    """Only who stands on the register is taken off it, and nobody who has exited."""
    household, rules = facts.household, facts.pack.procedures["household"]
    if household is None:
        text = say("The household's file is closed.")
        yield text, "state", say("End this course; write down why.")
    elif household.state not in rules.states:
        text = say("The household's state is not entered.")
        yield text, "state", say("Enter its poverty state in the file first.")
    elif not any(household.state in way.from_ for way in rules.transitions.values() if way.key == STRIKE):
        title = rules.states[household.state].title
        text = say("A household in the state “{state}” is not taken off the register.", state=title)
        yield text, "state", say("Correct the state in the file, or end this course.")


@registered(COURSE_GATES)
def ground(facts: CourseFacts) -> Iterator[Finding]:
    """Why the household was identified wrongly, in a word of the list; another reason is told."""
    course = facts.course
    if load_codes().lists["removal_ground"].entry(course.ground) is None:
        text = say("Why the household was identified wrongly is not written down.")
        yield text, "ground", say("Choose the reason from the list.")
    elif course.ground == OTHER_GROUND and not course.note.strip():
        text = say("The other reason is not told.")
        yield text, "note", say("Tell it in words that blame nobody.")


@registered(COURSE_GATES)
def heard(facts: CourseFacts) -> Iterator[Finding]:
    """The household was told what was found, and could say what it thinks."""
    if not facts.course.heard.strip():
        text = say("The household has not been heard.")
        yield text, "heard", say("Tell it what was found and write down what it says, in its own words.")


@registered(COURSE_GATES)
def visited(facts: CourseFacts) -> Iterator[Finding]:
    """Two persons went to see the household."""
    if heads(facts.course.visited_by) < 2:
        yield (
            say("The visit by two persons is not recorded."),
            "visited_by",
            say("Go in twos and write down both names."),
        )


@registered(COURSE_GATES)
def income_known(facts: CourseFacts) -> Iterator[Finding]:
    """The income of the year was reckoned with the household."""
    if not facts.has_income:
        text = say("There is no income statement for {year}. Reckon it with the household.", year=facts.course.year)
        yield text, "income", say("Every figure with its source.")


@registered(COURSE_GATES)
def evaluation(facts: CourseFacts) -> Iterator[Finding]:
    """The villagers' meeting was held, and its vote carries."""
    course = facts.course
    if course.held_on is None:
        text = say("The villagers' meeting has not evaluated the household.")
        yield text, "held_on", say("Hold the meeting and enter its numbers.")
        return
    vote = Vote(
        course.due, course.present, course.votes_for, course.votes_against, course.abstained, heads(course.recused)
    )
    for problem in quorum_problems(facts.pack.quorum, vote):
        yield problem.text, problem.field, say("Enter the meeting that decided.")


@registered(COURSE_GATES)
def minutes_signed(facts: CourseFacts) -> Iterator[Finding]:
    """The minutes of the meeting that decided are there with ink on them."""
    if not facts.minutes_signed:
        text = say("The minutes of the villagers' meeting are not signed.")
        yield text, "held_on", say("Print them, have them signed, and write it down with the meeting.")


@registered(COURSE_GATES)
def notice_hangs(facts: CourseFacts) -> Iterator[Finding]:
    """The notice is on the board; its days are the course's."""
    if not facts.hangs:
        text = say("The notice does not hang yet.")
        yield text, "starts_on", say("Draft it, print it, post it; the step follows.")


@registered(COURSE_GATES)
def notice_period(facts: CourseFacts) -> Iterator[Finding]:
    """The days of the posting that was made last are right and over."""
    first = last = None
    if facts.course.notices:
        _, begins, ends = facts.course.notices[-1]
        first, last = date.fromisoformat(begins), date.fromisoformat(ends)
    yield from notice_findings(facts.stage, first, last, facts.today, facts.pack.days)


@registered(COURSE_GATES)
def objections(facts: CourseFacts) -> Iterator[Finding]:
    """No objection is open."""
    if facts.open_objections:
        text = say("{count} {count:objection is|objections are} open.", count=facts.open_objections)
        yield text, "objections", say("Look into them, answer and close them.")


@registered(COURSE_GATES)
def approval(facts: CourseFacts) -> Iterator[Finding]:
    """The approving paper has a number."""
    if not facts.course.approval.strip():
        text = say("The number of the approving paper is missing.")
        yield text, "approval", say("Enter it as it stands on the paper.")


@registered(COURSE_GATES)
def clean(facts: CourseFacts) -> Iterator[Finding]:
    """The data hold no error that the township would send back."""
    if facts.errors:
        text = say("{count} {count:error stands|errors stand} in the files of the village.", count=facts.errors)
        yield text, "findings", say("Mend them, or explain those that are in order.")
