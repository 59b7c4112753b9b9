"""What stands in the way of a project's steps, and of its money (N-8.3, GZ-14.1: money follows the project)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from villagedesk.drafts.money import PaymentDraft
from villagedesk.drafts.project import ProjectDraft
from villagedesk.errors import Problem
from villagedesk.policy.cases import Blocker
from villagedesk.text import say
from villagedesk.values import yuan

PROJECT_GATES = frozenset({"project_facts", "project_posted", "project_acceptance"})


@dataclass(frozen=True, slots=True)
class ProjectFacts:
    """A project as it would be; ``posted``: its notice has hung its days or hangs."""

    project: ProjectDraft
    posted: bool = False


def project_blockers(facts: ProjectFacts) -> tuple[Blocker, ...]:
    """What is missing before a project is approved, begun and accepted."""
    return (*_facts(facts.project), *_posted(facts), *_acceptance(facts.project))


def _facts(project: ProjectDraft) -> Iterator[Blocker]:
    wanted = (
        ("place", project.place.strip(), say("The place is not filled in.")),
        ("content", project.content.strip(), say("What is built or bought is not filled in.")),
        ("amount", project.amount > 0, say("The money planned is not filled in.")),
        ("source", project.source, say("Where the money comes from is not filled in.")),
        ("unit", project.unit.strip(), say("Who carries it out is not filled in.")),
        ("starts_on", project.starts_on, say("The first day is not filled in.")),
        ("ends_on", project.ends_on, say("The last day is not filled in.")),
        ("benefit", project.benefit.strip(), say("How the households benefit is not filled in.")),
    )
    remedy = say("All of it stands on the notice; fill it in.")
    for field, given, text in wanted:
        if not given:
            yield Blocker("project_facts", True, text, field, remedy)
    if project.starts_on and project.ends_on and project.ends_on < project.starts_on:
        yield Blocker("project_facts", True, say("The project ends before it begins."), "ends_on", remedy)


def _posted(facts: ProjectFacts) -> Iterator[Blocker]:
    if not facts.posted:
        text = say("The project has not been posted on the village board.")
        yield Blocker("project_posted", False, text, "notice", say("Draft the notice and post it before the work."))


def _acceptance(project: ProjectDraft) -> Iterator[Blocker]:
    wanted = (
        ("accepted_by", project.accepted_by, say("Who accepted the project is not filled in.")),
        ("acceptance", project.acceptance, say("What the acceptance found is not filled in.")),
        ("result", project.result, say("What came of the project is not filled in.")),
    )
    for field, given, text in wanted:
        if not given.strip():
            yield Blocker("project_acceptance", True, text, field, say("It is made public; fill it in."))


def payment_problems(
    payment: PaymentDraft, left: int, project: ProjectDraft | None, spent: int, open_to_money: bool
) -> Iterator[Problem]:
    """What is wrong with a line of the ledger.

    ``left``: fen of the fund not yet paid out; ``spent``: what the project has had already, both without this line;
    ``open_to_money``: the project is approved and not given up.
    """
    if payment.amount <= 0:
        yield Problem(say("Enter an amount above zero."), "amount")
    if payment.on is None:
        yield Problem(say("Enter the day."), "on")
    if payment.way == "in" or payment.amount <= 0:
        return
    if payment.amount > left:
        text = say("The fund has {left} yuan left. Book what came in first, or correct the amount.", left=yuan(left))
        yield Problem(text, "amount")
    if payment.way != "out" or project is None:
        return
    if not open_to_money:
        yield Problem(say("The project is not approved, or was given up; no money goes to it."), "project_id")
    if spent + payment.amount > project.amount:
        text = say(
            "The project would have {spent} yuan, planned are {planned}. Change the plan first.",
            spent=yuan(spent + payment.amount),
            planned=yuan(project.amount),
        )
        yield Problem(text, "amount")
