"""One exit case: reading it, its vote as it is kept, its household named in a refusal."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import Connection

from villagedesk.drafts.exit import EvaluationDraft, ExitDraft
from villagedesk.drafts.household import HouseholdDraft
from villagedesk.errors import Problem, Refused
from villagedesk.records.load import load
from villagedesk.services.following import Ballot
from villagedesk.services.site import Site
from villagedesk.text import say


def case_of(connection: Connection, case_id: str) -> ExitDraft:
    """The draft of a case. Raises Refused when it is not here."""
    found = load(connection, "exit", [case_id])
    if not found:
        raise Refused(say("This exit case is not in the desk any more."))
    case: ExitDraft = found[case_id]
    return case


def voted(meeting: EvaluationDraft, count: Ballot) -> Mapping[str, Any]:
    """How a meeting voted, as the case keeps it."""
    vote = count.vote
    return {
        "evaluation_id": meeting.id, "evaluated_on": meeting.held_on, "votes_for": vote.agree,
        "votes_against": vote.against, "abstained": vote.abstain, "recused": count.recused,
    }  # fmt: skip


def demand_past(site: Site, values: Mapping[str, Any]) -> None:
    """Raise Refused for a date among ``values``, by field, that lies ahead."""
    ahead = [name for name, value in values.items() if isinstance(value, date) and value > site.today()]
    if ahead:
        raise Refused([Problem(say("A step is dated in the future. Correct the date."), ahead[0])])


def of_household(refusal: Refused, household: HouseholdDraft) -> Refused:
    """The refusal with the household's number and head before each problem."""
    head = household.head.name if household.head else ""
    return Refused(
        Problem(say("Household {no} {head}: {what}", no=household.no, head=head, what=problem.text), *_rest(problem))
        for problem in refusal.problems
    )


def _rest(problem: Problem) -> tuple[str, str]:
    return problem.field, problem.rule
