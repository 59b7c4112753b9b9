"""What stands in the way of a villagers' meeting that evaluates cases (民主评议, DOMAIN §5.8)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from villagedesk.drafts.exit import EvaluationDraft
from villagedesk.policy.cases import Blocker
from villagedesk.policy.gates import Gate, blockers, registered
from villagedesk.policy.notices import Finding
from villagedesk.policy.pack import Pack
from villagedesk.policy.quorum import Vote, presence_problems
from villagedesk.text import say


@dataclass(frozen=True, slots=True)
class MeetingFacts:
    """A meeting as it would be. ``votes`` by case; ``gone_on``: cases that went on with its vote."""

    pack: Pack
    meeting: EvaluationDraft
    votes: Mapping[str, Vote]
    gone_on: int = 0


MEETING_GATES: dict[str, Gate[MeetingFacts]] = {}


def meeting_blockers(facts: MeetingFacts) -> tuple[Blocker, ...]:
    """What stands in the way of a meeting, for ``Procedure.next`` and ``advance``."""
    return blockers(MEETING_GATES, facts)


@registered(MEETING_GATES)
def meeting_facts(facts: MeetingFacts) -> Iterator[Finding]:
    """Day, place, chair and recorder are known, and nobody holds both offices."""
    meeting = facts.meeting
    chair, recorder = meeting.chair.strip(), meeting.recorder.strip()
    if not (meeting.held_on and meeting.place.strip() and chair and recorder):
        text = say("Day, place, chair or recorder of the meeting is missing.")
        yield text, "held_on", say("Enter them as they stand in the minutes.")
    if chair and chair == recorder:
        text = say("{person} is chair and recorder of the meeting.", person=chair)
        yield text, "recorder", say("Let another person take the minutes.")
    if meeting.called_on and meeting.held_on and meeting.held_on < meeting.called_on:
        text = say("The meeting was held before it was called.")
        yield text, "held_on", say("Correct one of the days.")


@registered(MEETING_GATES)
def meeting_quorum(facts: MeetingFacts) -> Iterator[Finding]:
    """Enough of those due were present."""
    for problem in presence_problems(facts.pack.quorum, facts.meeting.due, facts.meeting.present):
        yield problem.text, problem.field, say("Adjourn with the reason and call it again.")


@registered(MEETING_GATES)
def meeting_votes(facts: MeetingFacts) -> Iterator[Finding]:
    """Every case of the agenda was voted on, and each count adds up to the persons present."""
    voted = [facts.votes[case] for case in facts.meeting.subject_ids if case in facts.votes]
    missing = len(facts.meeting.subject_ids) - len(voted)
    if missing:
        text = say("{n} {n:case|cases} of the agenda were not voted on.", n=missing)
        yield text, "votes_for", say("Enter the vote of each.")
    if any(vote.agree + vote.against + vote.abstain + vote.recused != facts.meeting.present for vote in voted):
        text = say("The votes do not add up to the persons present. Count them again.")
        yield text, "votes_for", say("Who stepped out counts as present.")


@registered(MEETING_GATES)
def meeting_open(facts: MeetingFacts) -> Iterator[Finding]:
    """No case went on with the vote that is to be counted anew."""
    if facts.gone_on:
        text = say("{n} {n:case|cases} went on with this vote.", n=facts.gone_on)
        yield text, "subject_ids", say("Send those back first, with the reason.")


@registered(MEETING_GATES)
def meeting_minutes(facts: MeetingFacts) -> Iterator[Finding]:
    """The minutes are signed, not before the meeting."""
    meeting = facts.meeting
    if meeting.signed_on is None:
        text = say("The minutes are not signed.")
        yield text, "signed_on", say("Print them, have chair and recorder sign, and enter the day.")
    elif meeting.held_on and meeting.signed_on < meeting.held_on:
        yield say("The minutes are signed before the meeting."), "signed_on", say("Correct one of the days.")
