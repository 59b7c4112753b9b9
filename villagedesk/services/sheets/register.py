"""Lists to go over with the pen: what is held of a household, and the village's concerns with their terms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from villagedesk.documents.sheet import Sheet
from villagedesk.drafts.household import HouseholdDraft, MemberDraft
from villagedesk.exchange.fields import load_fields
from villagedesk.services.concerns import ConcernRow
from villagedesk.services.sheets import common
from villagedesk.services.sheets.household import plain
from villagedesk.services.site import Site

_COMPARED = (
    "kind", "state", "identified_year", "planned_exit_year", "dwelling", "dwelling_area", "water_safe", "power_home",
    "toilet", "fuel", "entry_road", "road_distance", "land_arable", "land_irrigated", "land_forest", "land_orchard",
    "cooperative", "relocated",
)  # fmt: skip
"""What a household can check of itself; causes, health, numbers and phones stay off a paper that lies about (§8.2)."""


def comparison_sheet(site: Site, village: str, household: HouseholdDraft) -> Sheet:
    """What the desk holds, item by item, with room for what is right."""
    known, profile = load_fields().fields, site.profile.id
    facts = [
        {
            "item": known[f"household.{name}"].label_for(profile),
            "value": plain(site, household, name) or "（没有填）",
            "right": "□对　□不对",
        }
        for name in _COMPARED
    ]
    values = common.head_fields(household, village) | {
        "year": str(site.today().year),
        "data_date": common.chinese_date(site.today()),
    }
    tables = {
        "members": common.table("comparison_sheet", "members", [_member(site, each) for each in household.living]),
        "facts": common.table("comparison_sheet", "facts", facts),
    }
    return Sheet("comparison_sheet", values, tables, common.stamp(site, household.id, household.no))


def _member(site: Site, member: MemberDraft) -> Mapping[str, str]:
    months = f"{member.work_months}个月" if member.work_months else ""
    return {
        "name": member.name,
        "relation": common.word(site, "relation", member.relation),
        "schooling": common.word(site, "schooling", member.schooling),
        "labour": common.word(site, "labour", member.labour),
        "work": f"{common.word(site, 'work_area', member.work_area)}{months}",
    }


def concern_list(site: Site, village: str, year: int, rows: Sequence[ConcernRow]) -> Sheet:
    """The concerns of a year and those still open from before."""
    shown = [row for row in rows if row.concern.received_on and (row.concern.received_on.year == year or row.open)]
    lines = [
        {
            "no": row.concern.no,
            "received": common.chinese_date(row.concern.received_on),
            "topic": common.word(site, "concern_topic", row.concern.topic),
            "text": row.concern.text,
            "handler": row.concern.handler,
            "due": common.chinese_date(row.due_on),
            "opinion": row.concern.opinion or row.concern.returned_reason,
            "state": row.state_title,
        }
        for row in shown
    ]
    values = {
        "village": village,
        "year": str(year),
        "made_on": common.chinese_date(site.today()),
        "open": str(sum(row.open for row in shown)),
        "closed": str(sum(not row.open for row in shown)),
    }
    tables = {"concerns": common.table("concern_list", "concerns", lines)}
    return Sheet("concern_list", values, tables, common.stamp(site, str(year)))
