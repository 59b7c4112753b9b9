"""From the field dictionary to the sheet of a county's new paper, without code of its own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection

from villagedesk.documents.paper import Paper
from villagedesk.documents.sheet import Sheet
from villagedesk.drafts.household import HouseholdDraft, MemberDraft
from villagedesk.drafts.team import VillageDraft
from villagedesk.exchange.fields import Field, load_fields
from villagedesk.records.load import load_where
from villagedesk.records.schema import RECORDS
from villagedesk.services.households import one
from villagedesk.services.paper_makers import found, village_of
from villagedesk.services.sheets import common
from villagedesk.services.site import Site
from villagedesk.values import group_order


def record_of(paper: Paper) -> str:
    """The kind of record a new paper speaks of, as ``paper_kinds.SUBJECTS`` has it."""
    return {"village": "year", "": ""}.get(paper.about, paper.about)


def own_sheet(site: Site, connection: Connection, paper: Paper, subject: str) -> Sheet:
    """The words of a new paper, from the records as they are now."""
    village = village_of(connection, site)
    member = found(connection, "member", subject) if paper.about == "member" else None
    household = _household(connection, paper, subject)
    values = _usual(site, village, int(subject) if paper.about == "village" else site.today().year)
    if household is not None:
        values |= common.head_fields(household, village.name)
    if member is not None:
        values["name"] = member.name
    known = load_fields().fields
    drafts = {"household": household, "member": member}
    for name, source in paper.sources.items():
        values[name] = said(site, known[source], drafts[known[source].scope])
    tables = {name: tuple(_rows(site, connection, paper, name, household)) for name in paper.tables}
    number = household.no if household else ""
    fields = {name: values[name] for name in paper.fields}
    return Sheet(paper.key, fields, tables, common.stamp(site, subject or paper.key.replace("_", ""), number))


def _household(connection: Connection, paper: Paper, subject: str) -> HouseholdDraft | None:
    if paper.about == "household":
        return one(connection, subject)
    if paper.about == "member":
        rows = connection.execute(RECORDS["member"].table.select().where(RECORDS["member"].table.c.id == subject))
        return one(connection, next(iter(rows)).household_id)
    return None


def _usual(site: Site, village: VillageDraft, year: int) -> dict[str, str]:
    return {
        "village": village.name,
        "township": village.township or "—",
        "county": village.county or "—",
        "year": str(year),
        "made_on": common.chinese_date(site.today()),
        "issuer": village.issuer or village.name,
        "phone": village.phones.split("、")[0] or "—",
        "hotline_label": site.profile.hotline.label,
        "hotline": site.profile.hotline.number,
    }


def _rows(
    site: Site, connection: Connection, paper: Paper, table: str, household: HouseholdDraft | None
) -> Iterator[tuple[str, ...]]:
    each, known = paper.each.get(table, ""), load_fields().fields
    homes = _open_households(connection, site) if each == "household" else []
    people = household.living if each == "member" and household else ()
    lines: list[tuple[HouseholdDraft | None, MemberDraft | None]] = [
        *((home, None) for home in homes), *((household, person) for person in people),
    ]  # fmt: skip
    for place, (home, person) in enumerate(lines, 1):
        usual = {"no": str(place), **(common.head_fields(home, "") if home else {})}
        usual |= {"name": person.name} if person else {}
        drafts = {"household": home, "member": person}
        yield tuple(
            said(site, known[column.source], drafts[known[column.source].scope])
            if column.source
            else usual.get(column.key, "")
            for column in paper.tables[table]
        )


def _open_households(connection: Connection, site: Site) -> list[HouseholdDraft]:
    """The files that are not closed, group by group."""
    drafts = load_where(connection, "household", RECORDS["household"].table.c.village == site.village).values()
    return sorted(
        (draft for draft in drafts if not draft.removed_reason), key=lambda home: (*group_order(home.group), home.no)
    )


def said(site: Site, field: Field, draft: Any) -> str:
    """A field of the dictionary as papers say it: codes as words, dates in Chinese, "" where it was not asked."""
    value = getattr(draft, field.name, None)
    if value is None or value in ("", ()):
        return ""
    if field.kind == "code":
        return common.word(site, field.code_list, value)
    if field.kind == "codes":
        return common.words(site, field.code_list, value)
    if field.kind == "date":
        return common.chinese_date(value)
    if field.kind == "hundredths":
        return common.hundredths(value)
    return common.yes_no(value) if isinstance(value, bool) else str(value)
