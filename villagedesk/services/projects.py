"""The projects of the village through their procedure: proposed, approved, under way, accepted (N-8.2, GZ-14.1)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Connection

from villagedesk.drafts.money import PaymentDraft
from villagedesk.drafts.notice import NoticeDraft
from villagedesk.drafts.project import ProjectDraft
from villagedesk.errors import Problem, Refused
from villagedesk.policy.procedures import Procedure, Step, procedure
from villagedesk.policy.projects import ProjectFacts, project_blockers
from villagedesk.records.load import load, load_where
from villagedesk.records.schema import RECORDS
from villagedesk.services.clockwatch import demand_clock
from villagedesk.services.site import Site
from villagedesk.store.work import Change
from villagedesk.text import say

_DATED = {"approve": "approved_on", "start": "started_on", "finish": "finished_on", "accept": "accepted_on"}
_FIXED = frozenset({"accepted", "stopped"})
NOTICES = ("projects", "effects")
"""Kinds of notice that speak of projects."""


@dataclass(frozen=True)
class ProjectRow:
    """A project in the list: where it stands, what it has had, which notices speak of it."""

    project: ProjectDraft
    state_title: str
    steps: tuple[Step, ...]
    paid: int  # fen
    notices: tuple[NoticeDraft, ...]

    @property
    def posted(self) -> bool:
        """Whether its money and purpose have been made public."""
        return any(notice.kind == "projects" and notice.posted_on for notice in self.notices)


class Projects:
    """The projects of this desk's village."""

    def __init__(self, site: Site) -> None:
        self._site = site

    @property
    def procedure(self) -> Procedure:
        """The profile's way of a project."""
        return procedure(self._site.profile, "project")

    def save(self, draft: ProjectDraft, reason: str) -> Change:
        """Save a project; its state is moved by :meth:`take` only.

        Raises Refused for a missing title or year and once the project is accepted or stopped, Stale when it was saved
        elsewhere.
        """
        problems = []
        if not draft.title.strip():
            problems.append(Problem(say("Give the project a name."), "title"))
        if not draft.year:
            problems.append(Problem(say("Enter the year."), "year"))
        if problems:
            raise Refused(problems)
        with self._site.store.work("project.save", reason) as work:
            stored = work.row("project", draft.id) if draft.id else None
            if stored and stored["state"] in _FIXED:
                raise Refused(say("The project is closed. Its record stays as it was accepted."))
            number = draft.no or self._next_no(work.rows("project", village=self._site.village), draft.year)
            kept = replace(draft, no=number, state=stored["state"] if stored else self.procedure.start)
            work.put_draft("project", self._site.village, kept, new_id=self._site.store.ids())
        return work.change

    def take(self, project_id: str, verb: str, on: date, reason: str, **values: Any) -> Change:
        """Take one step on a day; ``values`` are fields set with it. Raises Refused naming what stands in the way."""
        with self._site.store.work(f"project.{verb}", reason) as work:
            demand_clock(self._site, work.connection)
            if on > self._site.today():
                raise Refused([Problem(say("A step is dated in the future. Correct the date."), _DATED.get(verb, ""))])
            day: dict[str, Any] = {_DATED[verb]: on} if verb in _DATED else {}
            project = replace(project_of(work.connection, project_id), **{**values, **day})
            found = project_blockers(ProjectFacts(project, _posted(work.connection, project_id)))
            state = self.procedure.advance(project.state, verb, found, reason)
            back = {"stopped_reason": reason} if self.procedure.effect(state) == "back" else {}
            work.put("project", self._site.village, {**values, **day, **back, "state": state}, project_id)
        return work.change

    def get(self, project_id: str) -> ProjectDraft:
        """One project. Raises Refused when there is none."""
        with self._site.store.read() as connection:
            return project_of(connection, project_id)

    def all(self) -> tuple[ProjectRow, ...]:
        """Every project, newest year first, by number."""
        with self._site.store.read() as connection:
            return project_rows(connection, self._site)

    def _next_no(self, rows: list[dict[str, Any]], year: int) -> str:
        return f"{year}-{1 + sum(row['year'] == year for row in rows):02d}"


def project_of(connection: Connection, project_id: str) -> ProjectDraft:
    """The draft of a project. Raises Refused when it is not here."""
    found: Mapping[str, ProjectDraft] = load(connection, "project", [project_id])
    if project_id not in found:
        raise Refused(say("This record is not in the desk any more."))
    return found[project_id]


def project_rows(connection: Connection, site: Site) -> tuple[ProjectRow, ...]:
    """Every project of the village, newest year first, by number."""
    steps, paid, notices = (
        procedure(site.profile, "project"),
        _paid(connection, site.village),
        _notices(connection, site),
    )
    rows = []
    for project in load_where(connection, "project", RECORDS["project"].table.c.village == site.village).values():
        about = tuple(notice for notice in notices if project.id in notice.case_ids)
        facts = ProjectFacts(project, any(each.kind == "projects" and each.posted_on for each in about))
        ways = steps.next(project.state, project_blockers(facts))
        rows.append(ProjectRow(project, steps.states[project.state].title, ways, paid.get(project.id, 0), about))
    return tuple(sorted(rows, key=lambda row: (-row.project.year, row.project.no)))


def paid_out(payments: Iterable[PaymentDraft]) -> int:
    """What these lines of the ledger add up to, in fen: spent, less what came back."""
    return sum(each.amount if each.way == "out" else -each.amount for each in payments if each.way != "in")


def _paid(connection: Connection, village: str) -> dict[str, int]:
    by_project: dict[str, list[PaymentDraft]] = {}
    for payment in load_where(connection, "payment", RECORDS["payment"].table.c.village == village).values():
        by_project.setdefault(payment.project_id, []).append(payment)
    return {key: paid_out(lines) for key, lines in by_project.items()}


def _notices(connection: Connection, site: Site) -> tuple[NoticeDraft, ...]:
    table = RECORDS["notice"].table
    standing = (table.c.village == site.village, table.c.kind.in_(NOTICES), table.c.state != "withdrawn")
    return tuple(load_where(connection, "notice", *standing).values())


def _posted(connection: Connection, project_id: str) -> bool:
    table = RECORDS["notice"].table
    found = load_where(connection, "notice", table.c.kind == "projects", table.c.posted_on.is_not(None)).values()
    return any(project_id in notice.case_ids for notice in found)
