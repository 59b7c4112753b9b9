"""Rules X01–X03, X05–X08: the exit of one household as it is carried through its procedure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import pairwise

from villagedesk.drafts.exit import ExitDraft, SignatureDraft
from villagedesk.policy.checks.rule import Found, rule
from villagedesk.policy.checks.view import HouseholdView
from villagedesk.policy.days import last_day
from villagedesk.policy.pack_steps import Signer
from villagedesk.policy.quorum import Vote, quorum_problems
from villagedesk.text import say


@rule("X01")
def dates_in_order(h: HouseholdView, *, order: tuple[str, ...], years: int) -> Iterator[Found]:
    """The steps of an exit follow each other, inside its term, and none lies ahead (P16)."""
    if h.exit is None:
        return
    steps = [(name, day) for name in order if (day := getattr(h.exit, name, None)) is not None]
    signed = [("signatures", mark.signed_on) for mark in h.exit.signatures if mark.signed_on is not None]
    for name, day in (*steps, *signed):
        if day > h.ctx.today:
            yield Found(
                f"exit.{name}", say("The date {day} lies ahead. Correct it.", day=day.isoformat()), record=h.exit.id
            )
        elif not h.exit.year <= day.year < h.exit.year + years:
            yield Found(
                f"exit.{name}",
                say("The date {day} lies outside the term of this exit. Correct it.", day=day.isoformat()),
                record=h.exit.id,
            )
    for (_, before), (name, after) in pairwise(steps):
        if after < before:
            yield Found(
                f"exit.{name}",
                say(
                    "This step is dated {after}, before the one it follows ({before}). Correct one.",
                    after=after.isoformat(),
                    before=before.isoformat(),
                ),
                record=h.exit.id,
            )
    yield from _signatures_in_order(h, h.exit)


def _signatures_in_order(h: HouseholdView, case: ExitDraft) -> Iterator[Found]:
    """Nobody signs before the meeting, nor before those who come first in the scheme."""
    dates = [(mark, mark.signed_on) for mark in _in_scheme_order(h, case) if mark.signed_on is not None]
    for mark, day in dates:
        if h.ctx.meeting_first and case.evaluated_on is not None and day < case.evaluated_on:
            yield Found(
                "exit.signatures",
                say("{person} signed before the evaluation meeting. Correct the date.", person=mark.person),
                record=case.id,
            )
    for (_, before), (mark, after) in pairwise(dates):
        if after < before:
            yield Found(
                "exit.signatures",
                say("{person} signed before those who come first. Correct the date.", person=mark.person),
                record=case.id,
            )


def _in_scheme_order(h: HouseholdView, case: ExitDraft) -> list[SignatureDraft]:
    place = {signer.key: at for at, signer in enumerate(h.ctx.signers)}
    return sorted((mark for mark in case.signatures if mark.role in place), key=lambda mark: place[mark.role])


@rule("X02")
def notice_long_enough(h: HouseholdView) -> Iterator[Found]:
    """The notice hung for the days of the profile, and the report followed its last day."""
    notice = h.notice_of(h.exit) if h.exit is not None else None
    if h.exit is None or notice is None or notice.starts_on is None or notice.ends_on is None:
        return
    if (due := _due_end(h, notice.starts_on)) is not None and notice.ends_on < due:
        yield Found(
            "notice.ends_on",
            say("The notice must hang until {due}. Correct the days, or post it again.", due=due.isoformat()),
            record=notice.id,
        )
    if h.exit.reported_on is not None and h.exit.reported_on <= notice.ends_on:
        yield Found(
            "exit.reported_on", say("The report is dated before the notice ended. Correct the date."), record=h.exit.id
        )


def _due_end(h: HouseholdView, start: date) -> date | None:
    stage = h.ctx.notice
    if stage is None or stage.days < 1:
        return None
    try:
        return last_day(start, stage.days, stage.day_rule, stage.day_kind, h.ctx.days)
    except OverflowError:  # a year mistyped as 9999
        return None


@rule("X03")
def meeting_carries(h: HouseholdView) -> Iterator[Found]:
    """The meeting had its quorum, and the household its majority (P50)."""
    case = h.exit
    meeting = next((m for m in h.file.evaluations if case is not None and m.id and m.id == case.evaluation_id), None)
    if case is None or meeting is None:
        return
    vote = Vote(meeting.due, meeting.present, case.votes_for, case.votes_against, case.abstained, case.recused_count)
    for problem in quorum_problems(h.ctx.quorum, vote):
        yield Found(f"exit.{problem.field}", problem.text, record=case.id)


@rule("X05")
def signatures_complete(h: HouseholdView) -> Iterator[Found]:
    """Every required role signed before the case is posted or reported, and nobody signed in two roles (§3)."""
    if h.exit is None:
        return
    signed = {mark.role: mark.person.strip() for mark in h.exit.signatures if mark.signed_on is not None}
    missing = [signer for signer in _due_signers(h, h.exit) if signer.key not in signed]
    if missing:
        yield Found(
            "exit.signatures",
            say(
                "{count} {count:signature is|signatures are} missing. Have them signed before the case goes on.",
                count=len(missing),
            ),
            record=h.exit.id,
        )
    persons = [person for person in signed.values() if person]
    for person in sorted({person for person in persons if persons.count(person) > 1}):
        yield Found(
            "exit.signatures",
            say("{person} signed in two roles. Another person should sign one of them, or note why.", person=person),
            mild=True,
            record=h.exit.id,
        )


def _due_signers(h: HouseholdView, case: ExitDraft) -> list[Signer]:
    """Who must have signed by now: all of the village before the notice, the township before its announcement."""
    posted = bool(case.notice_id) or case.reported_on is not None
    announced = case.announced_on is not None
    return [s for s in h.ctx.signers if s.required and (announced if s.level == "township" else posted)]


@rule("X06")
def criteria_met(h: HouseholdView) -> Iterator[Found]:
    """No exit criterion was found unmet, and once verified none is open."""
    for check in h.exit.checks if h.exit is not None else ():
        if check.result == "unmet":
            yield Found(
                "exit.checks",
                say("An exit criterion was found unmet. The household stays, and help goes on."),
                record=h.exit.id if h.exit is not None else "",
            )


@rule("X07")
def in_and_out(h: HouseholdView) -> Iterator[Found]:
    """No household enters and exits in one year."""
    out = h.draft.exited_year or (h.exit.year if h.exit is not None else None)
    if out is not None and out in (h.draft.identified_year, h.draft.returned_year):
        yield Found("identified_year", say("Identified and exited in the same year. Check both years."))


@rule("X08")
def planned_year(h: HouseholdView) -> Iterator[Found]:
    """The exit comes in the year that was planned (XJ-4.1)."""
    planned = h.draft.planned_exit_year
    actual = h.draft.exited_year or (h.exit.year if h.exit is not None else None)
    if planned is not None and actual is not None and planned != actual:
        yield Found(
            "planned_exit_year",
            say("The exit was planned for {planned} and comes in {actual}. Note why.", planned=planned, actual=actual),
        )
