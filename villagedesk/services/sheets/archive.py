"""Papers of the archive: cover and spine label of a household's file, the list of the boxes, the photographs' page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from villagedesk.documents.sheet import Sheet
from villagedesk.drafts.household import HouseholdDraft
from villagedesk.drafts.notice import NoticeDraft
from villagedesk.drafts.team import VillageDraft
from villagedesk.services.sheets import common
from villagedesk.services.sheets.household import RETENTION, shelf_mark
from villagedesk.services.site import Site
from villagedesk.values import group_order

A_BOX = 20
"""Household files that lie in one box of the usual breadth."""

Counted = Sequence[tuple[HouseholdDraft, int]]
"""Households with the number of papers registered of each."""


def file_cover(site: Site, village: VillageDraft, household: HouseholdDraft, papers: int) -> Sheet:
    """The cover of a household's file."""
    first = household.identified_year or site.today().year
    values = common.head_fields(household, village.name) | {
        "shelf_mark": shelf_mark(site, household),
        "county": village.county or "—",
        "township": village.township,
        "years": f"{first}年—{household.exited_year or site.today().year}年",
        "count": f"{papers}件",
        "retention": RETENTION,
    }
    return Sheet("file_cover", values, {}, common.stamp(site, household.id, household.no))


def spine_labels(site: Site, village: str, year: int, counted: Counted) -> Sheet:
    """Labels to cut out, three a row, in shelf order."""
    labels = [
        "\n".join((*shelf_mark(site, household).rsplit("-", 1), household.group, _head(household)))
        for household, _ in _in_order(counted)
    ]
    labels += [""] * (-len(labels) % 3)
    keys = ("left", "middle", "right")
    rows = [dict(zip(keys, labels[start : start + 3], strict=True)) for start in range(0, len(labels), 3)]
    tables = {"labels": common.table("spine_labels", "labels", rows)}
    return Sheet("spine_labels", {"village": village, "year": str(year)}, tables, common.stamp(site, str(year)))


def box_list(site: Site, village: str, year: int, counted: Counted) -> Sheet:
    """Which household file lies in which box."""
    rows = [_box_row(site, place, household, papers) for place, (household, papers) in enumerate(_in_order(counted))]
    values = {
        "village": village,
        "year": str(year),
        "made_on": common.chinese_date(site.today()),
        "files": str(len(rows)),
        "papers": str(sum(papers for _, papers in counted)),
    }
    tables = {"files": common.table("box_list", "files", rows)}
    return Sheet("box_list", values, tables, common.stamp(site, str(year)))


def photo_sheet(site: Site, village: str, notice: NoticeDraft) -> Sheet:
    """Where the photographs of a hanging notice are pasted."""
    values = {
        "notice_title": site.profile.notices[notice.kind].title,
        "notice_no": notice.no,
        "start": common.chinese_date(notice.starts_on) or "—",
        "end": common.chinese_date(notice.ends_on) or "—",
        "posted_on": common.chinese_date(notice.posted_on),
        "place": notice.place,
        "posted_by": notice.posted_by,
        "village": village,
    }
    return Sheet("photo_sheet", values, {}, common.stamp(site, notice.id, notice.no))


def _in_order(counted: Counted) -> Counted:
    return sorted(counted, key=lambda one: (*group_order(one[0].group), one[0].no))


def _head(household: HouseholdDraft) -> str:
    return household.head.name if household.head else "—"


def _box_row(site: Site, place: int, household: HouseholdDraft, papers: int) -> Mapping[str, str]:
    return {
        "no": str(place + 1),
        "box": str(place // A_BOX + 1),
        "mark": shelf_mark(site, household),
        "group": household.group or "—",
        "head": _head(household),
        "papers": str(papers),
    }
