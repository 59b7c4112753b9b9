"""The papers, scans and photographs that the values of a conflict rest on, each with the side that brought it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, func, select

from villagedesk.documents.papers import load_papers
from villagedesk.records.load import load_where
from villagedesk.records.schema import RECORDS, revision, touch
from villagedesk.services.conflicts import Conflict
from villagedesk.services.evidence_files import Evidence
from villagedesk.services.papers import Papers
from villagedesk.services.site import Site

PAPER = "paper"
PDF = "application/pdf"
_OF_HOUSEHOLD = ("income", "plan", "exit", "wish", "monitoring")


@dataclass(frozen=True)
class Proof:
    """A printed paper, or a scan or photograph. ``device``: the laptop that brought it; ``signed``: it bears ink.

    ``exact``: it was attached to this very record and field.
    """

    id: str
    kind: str
    title: str
    day: date | None
    device: str
    author: str
    signed: bool
    exact: bool
    media_type: str


class ConflictPapers:
    """What can be opened beside a conflict."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._papers = Papers(site)
        self._evidence = Evidence(site)

    def of(self, conflict: Conflict) -> Mapping[str, tuple[Proof, ...]]:
        """Device → its proofs, the exact ones first; under "" those of laptops that stand on no side."""
        sides = {one.device for one in conflict.candidates}
        with self._site.store.read() as connection:
            found = self._found(connection, conflict)
        of_side: dict[str, list[Proof]] = {}
        for proof in sorted(found, key=lambda each: not each.exact):
            of_side.setdefault(proof.device if proof.device in sides else "", []).append(proof)
        return {side: tuple(proofs) for side, proofs in of_side.items()}

    def read(self, proof: Proof) -> bytes:
        """The paper word for word as it was printed, or the kept file. Raises Refused or Unreadable when it is gone."""
        if proof.kind == PAPER:
            return self._papers.reprint(proof.id).pdf
        return self._evidence.read(proof.id)

    def _found(self, connection: Connection, conflict: Conflict) -> list[Proof]:
        subjects = _subjects(connection, conflict)
        printed = load_where(connection, "paper", RECORDS["paper"].table.c.subject_id.in_(subjects))
        kept = load_where(connection, "attachment", RECORDS["attachment"].table.c.subject_id.in_(subjects))
        brought = _brought(connection, [*printed, *kept])
        titles, nobody = load_papers(), ("", "")
        proofs = []
        for key, paper in printed.items():
            title = titles[paper.kind].title if paper.kind in titles else paper.kind
            proofs.append(Proof(key, PAPER, title, paper.printed_on, *brought.get(key, nobody), bool(paper.signed),
                                paper.subject_id == conflict.record_id, PDF))  # fmt: skip
        for key, each in kept.items():
            exact = (each.subject_id, each.field) == (conflict.record_id, conflict.field)
            proofs.append(Proof(key, each.kind, each.title, each.taken_on, *brought.get(key, nobody), False, exact,
                                each.media_type))  # fmt: skip
        return proofs


def _subjects(connection: Connection, conflict: Conflict) -> list[str]:
    """The record itself, its household, and what belongs to the household's file."""
    found = dict.fromkeys((conflict.record_id, conflict.household_id))
    for kind in _OF_HOUSEHOLD if conflict.household_id else ():
        table = RECORDS[kind].table
        query = select(table.c.id).where(table.c.household_id == conflict.household_id, table.c.removed.is_(False))
        found.update(dict.fromkeys(connection.execute(query).scalars()))
    return [each for each in found if each]


def _brought(connection: Connection, ids: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Record → laptop and author of its first revision."""
    first = select(touch.c.record, func.min(touch.c.revision).label("n")).where(touch.c.record.in_(ids))
    each = first.group_by(touch.c.record).subquery()
    query = select(each.c.record, revision.c.device, revision.c.author).join(revision, revision.c.n == each.c.n)
    return {record: (device, author) for record, device, author in connection.execute(query)}
