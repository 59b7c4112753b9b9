"""What stands in the way of the steps of a notice (DOMAIN §5.7)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from villagedesk.drafts.notice import NoticeDraft
from villagedesk.policy.cases import Blocker
from villagedesk.policy.gates import Gate, blockers, registered
from villagedesk.policy.notices import Finding, notice_findings
from villagedesk.policy.pack import Pack
from villagedesk.policy.pack_steps import NoticeStage
from villagedesk.text import say


@dataclass(frozen=True, slots=True)
class NoticeFacts:
    """A notice on the day ``today``. ``leaks`` is None while the paper was not checked."""

    pack: Pack
    notice: NoticeDraft
    stage: NoticeStage
    today: date
    leaks: int | None = None
    open_objections: int = 0


NOTICE_GATES: dict[str, Gate[NoticeFacts]] = {}


def notice_blockers(facts: NoticeFacts) -> tuple[Blocker, ...]:
    """What stands in the way of a notice, for ``Procedure.next`` and ``advance``."""
    return blockers(NOTICE_GATES, facts)


@registered(NOTICE_GATES)
def leaks(facts: NoticeFacts) -> Iterator[Finding]:
    """The paper passed the leak check (DOMAIN §6.3)."""
    if facts.leaks != 0:
        yield say("The paper has not passed the leak check."), "digest", say("Make the paper and mend what it finds.")


@registered(NOTICE_GATES)
def numbered(facts: NoticeFacts) -> Iterator[Finding]:
    """The printed notice bears a number and first and last day."""
    notice = facts.notice
    if not (notice.no and notice.starts_on and (notice.ends_on or facts.stage.permanent)):
        yield say("The notice has no number or no dates."), "no", say("Give it a number and its first day.")


@registered(NOTICE_GATES)
def standing(facts: NoticeFacts) -> Iterator[Finding]:
    """The notice stays for good (长期公示, GZ-4.1): it is renewed, others end on their day."""
    if not facts.stage.permanent:
        yield say("This notice has its last day."), "ends_on", say("Write down its result when the days are over.")


@registered(NOTICE_GATES)
def posting(facts: NoticeFacts) -> Iterator[Finding]:
    """Place, day and person of posting are recorded."""
    if not (facts.notice.place and facts.notice.posted_on and facts.notice.posted_by):
        text = say("Place, day or person of posting is missing.")
        yield text, "posted_on", say("Record where, when and by whom it was posted.")


@registered(NOTICE_GATES)
def notice_days(facts: NoticeFacts) -> Iterator[Finding]:
    """The days of the notice are right and over."""
    notice = facts.notice
    yield from notice_findings(facts.stage, notice.posted_on, notice.ends_on, facts.today, facts.pack.days)


@registered(NOTICE_GATES)
def objections_closed(facts: NoticeFacts) -> Iterator[Finding]:
    """No objection to the notice is open."""
    if facts.open_objections:
        text = say("{count} {count:objection is|objections are} open.", count=facts.open_objections)
        yield text, "objections", say("Look into them, answer and close them.")


@registered(NOTICE_GATES)
def listed_once(facts: NoticeFacts) -> Iterator[Finding]:
    """Nobody stands on the notice twice (X04)."""
    listed = facts.notice.case_ids
    if len(set(listed)) < len(listed):
        text = say("A household stands on the notice twice, so its totals are wrong.")
        yield text, "case_ids", say("Withdraw it and draft it anew.")


@registered(NOTICE_GATES)
def result(facts: NoticeFacts) -> Iterator[Finding]:
    """The result is written down."""
    if not facts.notice.result.strip():
        yield say("The result of the notice is missing."), "result", say("Write down whether there were objections.")
