"""What each kind of paper speaks of and what makes its sheet; which records a batch of it takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from sqlalchemy import Connection, select

from villagedesk.errors import Refused
from villagedesk.records.schema import RECORDS
from villagedesk.services.course_makers import COURSES
from villagedesk.services.further_makers import FURTHER
from villagedesk.services.notice_kinds import NOTICES_OF, kinds_on
from villagedesk.services.paper_makers import MAKERS, Maker
from villagedesk.services.site import Site
from villagedesk.services.team_makers import MEMBER_MONTHLY, MONTHLY, TEAM, month_subjects
from villagedesk.services.village_papers import VILLAGE_MAKERS, report_subjects
from villagedesk.text import say
from villagedesk.values import group_order

YEARLY = "year"
REPORT = "report"
_TOLD = {**FURTHER, **TEAM, **COURSES}

SUBJECTS: Mapping[str, str] = MappingProxyType(
    {
        "household_file": "household",
        "card": "household",
        "evidence_catalogue": "household",
        "income_sheet": "income",
        "plan_sheet": "plan",
        "exit_record": "exit",
        "signoff_sheet": "exit",
        "evaluation_minutes": "evaluation",
        "exit_announcement": "notice",
        "exit_list": YEARLY,
        "signing_list": YEARLY,
        "minutes_extract": "exit",
        "exit_request": "notice",
        "notice_result": "notice",
        "no_objection": "notice",
        "exit_certificate": "exit",
        "blank_household_form": "",
        **{of.paper: "notice" for of in NOTICES_OF.values()},
        "village_plan": "village_plan",
        "village_figures": YEARLY,
        "personal_extract": "member",
        **{paper: record for paper, (record, _) in _TOLD.items()},
        "overview": YEARLY,
        "report_sheet": REPORT,
    }
)
"""Paper → kind of record it speaks of; "" for a blank form, :data:`YEARLY` one a year, :data:`REPORT` one a period."""

PAPER_MAKERS: Mapping[str, Maker] = MappingProxyType(
    {**MAKERS, **VILLAGE_MAKERS, **{paper: maker for paper, (_, maker) in _TOLD.items()}}
)
"""Paper → what makes its sheet of a subject."""

_ONLY: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "entry_application": {"procedure": ("entry",)},
    "refusal_letter": {"state": ("declined",)},
    "removal_letter": {"procedure": ("removal",), "state": ("approved", "removed")},
    "monitoring_refusal": {"state": ("declined",)},
    "adjustment_record": {"procedure": ("adjustment",)},
}
"""Paper → columns and values of the records it speaks of, where it does not speak of all of a kind."""

_OF_THE_FINISHED: Mapping[str, str] = {"exit_certificate": "marked_on", "lookback_sheet": "marked_on"}
"""Paper → the day that a record must have before a batch of this paper speaks of it."""


def known(kind: str) -> str:
    """The key of a paper. Raises Refused for one that no code makes."""
    if kind not in SUBJECTS:
        raise Refused(say("There is no paper “{paper}”. Known are: {known}.", paper=kind, known=", ".join(SUBJECTS)))
    return kind


def subjects_of(site: Site, kind: str, record: str, year: int, household_ids: Sequence[str] = ()) -> tuple[str, ...]:
    """The records that papers of a kind speak of: of these households (or all), of the year where they have one."""
    if not record:
        return ("",)
    if record == YEARLY:
        return (str(year),)
    if record == REPORT:
        return report_subjects(site, year)
    with site.store.read() as connection:
        if record in {MONTHLY, MEMBER_MONTHLY}:
            return month_subjects(connection, site, record, year)
        return tuple(_of_table(connection, site, kind, record, (year, household_ids)))


def _of_table(
    connection: Connection, site: Site, kind: str, record: str, chosen: tuple[int, Sequence[str]]
) -> list[str]:
    year, household_ids = chosen
    table = RECORDS[record].table
    query = select(table.c.id).where(table.c.removed.is_(False), table.c.village == site.village)
    if "year" in table.c:
        query = query.where(table.c.year == year)
    of = {"household": "id", "course": "subject_id"}.get(record, "household_id")
    if household_ids and of in table.c:
        query = query.where(table.c[of].in_(household_ids))
    if record == "notice":
        query = query.where(table.c.kind.in_(kinds_on(kind) or ("exit",)))
    query = query.where(*(table.c[column].in_(values) for column, values in _ONLY.get(kind, {}).items()))
    if kind in _OF_THE_FINISHED and not household_ids:
        query = query.where(table.c[_OF_THE_FINISHED[kind]].is_not(None))
    return _by_group(connection, record, connection.execute(query.order_by(table.c.n)).scalars().all())


def _by_group(connection: Connection, record: str, ids: Sequence[str]) -> list[str]:
    """Records that belong to households, in the order in which papers are handed out: by village group."""
    table = RECORDS[record].table
    if record != "household" and "household_id" not in table.c:
        return list(ids)
    household = RECORDS["household"].table.alias()
    of = table.c.id if record == "household" else table.c.household_id
    query = select(table.c.id, household.c.group, household.c.no).join_from(table, household, household.c.id == of)
    order = {row[0]: (*group_order(row[1]), row[2]) for row in connection.execute(query)}
    return sorted(ids, key=lambda each: order.get(each, (10**9, "", "")))


def has_year(record: str) -> bool:
    """Whether what a paper speaks of belongs to one year."""
    return record == YEARLY or (record in RECORDS and "year" in RECORDS[record].table.c)


def of_households(kind: str) -> bool:
    """Whether a paper speaks of single households, so that a batch says which. False for an unknown paper."""
    record = SUBJECTS.get(kind, "")
    return record == "household" or (record in RECORDS and "household_id" in RECORDS[record].fields)
