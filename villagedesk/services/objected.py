"""Objections that stand against something: to a notice, to one case on it (DOMAIN §5.6)."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection

from villagedesk.drafts.notice import ObjectionDraft
from villagedesk.policy.procedures import procedure
from villagedesk.records.load import load, load_where
from villagedesk.records.schema import RECORDS
from villagedesk.services.site import Site


def objections_to(connection: Connection, notice_id: str) -> tuple[ObjectionDraft, ...]:
    """The objections to a notice."""
    table = RECORDS["objection"].table
    return tuple(load_where(connection, "objection", table.c.notice_id == notice_id).values())


def open_count(site: Site, objections: Iterable[ObjectionDraft]) -> int:
    """How many of these are not closed."""
    return len(_open(site, objections))


def open_against(site: Site, connection: Connection, case_id: str) -> int:
    """Open objections against one case; one that names nobody holds up every case of its notice."""
    about = RECORDS["objection"].table
    raised = load_where(connection, "objection", about.c.village == site.village, about.c.case_id.in_([case_id, ""]))
    standing = _open(site, raised.values())
    unnamed = [objection.notice_id for objection in standing if not objection.case_id]
    speaks = {key for key, notice in load(connection, "notice", unnamed).items() if case_id in notice.case_ids}
    return sum(objection.case_id == case_id or objection.notice_id in speaks for objection in standing)


def _open(site: Site, objections: Iterable[ObjectionDraft]) -> list[ObjectionDraft]:
    steps = procedure(site.profile, "objection")
    return [objection for objection in objections if steps.effect(objection.state) != "closed"]
