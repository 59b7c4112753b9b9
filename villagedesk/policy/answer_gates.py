"""What stands in the way of answering an objection and of dealing with a concern (DOMAIN §5.6)."""

from __future__ import annotations

from collections.abc import Iterator

from villagedesk.drafts.concern import ConcernDraft
from villagedesk.drafts.notice import ObjectionDraft
from villagedesk.policy.cases import Blocker
from villagedesk.policy.gates import Gate, blockers, registered
from villagedesk.policy.notices import Finding
from villagedesk.policy.quorum import heads
from villagedesk.text import say

OBJECTION_GATES: dict[str, Gate[ObjectionDraft]] = {}
CONCERN_GATES: dict[str, Gate[ConcernDraft]] = {}


def objection_blockers(objection: ObjectionDraft) -> tuple[Blocker, ...]:
    """What stands in the way of closing an objection."""
    return blockers(OBJECTION_GATES, objection)


def concern_blockers(concern: ConcernDraft) -> tuple[Blocker, ...]:
    """What stands in the way of dealing with a concern."""
    return blockers(CONCERN_GATES, concern)


@registered(OBJECTION_GATES)
def investigators(objection: ObjectionDraft) -> Iterator[Finding]:
    """Two persons looked into it."""
    if heads(objection.investigated_by) < 2:
        text = say("The two persons who looked into it are not named.")
        yield text, "investigated_by", say("Go in twos and write down both names.")


@registered(OBJECTION_GATES)
def findings(objection: ObjectionDraft) -> Iterator[Finding]:
    """What was found is written down."""
    if not objection.found.strip():
        yield say("What was found is not written down."), "found", say("Two persons look into it and write it down.")


@registered(OBJECTION_GATES)
def opinion(objection: ObjectionDraft) -> Iterator[Finding]:
    """It is decided whether the objection holds."""
    if objection.upheld is None or not objection.opinion.strip():
        text = say("It is not decided whether the objection holds.")
        yield text, "upheld", say("Write the decision and its grounds.")


@registered(OBJECTION_GATES)
def answer_date(objection: ObjectionDraft) -> Iterator[Finding]:
    """The answer was handed over."""
    if objection.answered_on is None:
        yield say("The answer has no date."), "answered_on", say("Hand over the answer and record the day.")
    elif objection.received_on and objection.answered_on < objection.received_on:
        text = say("The answer is dated before the objection came in.")
        yield text, "answered_on", say("Compare both with the papers and correct the wrong one.")


@registered(CONCERN_GATES)
def handler(concern: ConcernDraft) -> Iterator[Finding]:
    """Somebody deals with it."""
    if not concern.handler.strip():
        yield say("Nobody is named who deals with it."), "handler", say("Name the person.")


@registered(CONCERN_GATES)
def dealt_with(concern: ConcernDraft) -> Iterator[Finding]:
    """What was found and done is written down."""
    if not concern.found.strip():
        yield say("What was found and done is not written down."), "found", say("Write it down.")


@registered(CONCERN_GATES)
def reply_given(concern: ConcernDraft) -> Iterator[Finding]:
    """The person was answered, on a day."""
    if not concern.opinion.strip() or concern.answered_on is None:
        yield say("The answer or its day is missing."), "opinion", say("Answer the person and write both down.")


@registered(CONCERN_GATES)
def reported(concern: ConcernDraft) -> Iterator[Finding]:
    """It is said to whom the report went."""
    if not concern.reported_to.strip():
        yield say("It is not said to whom it was reported."), "reported_to", say("Enter the office.")
