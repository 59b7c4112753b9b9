"""The township's own papers: what the reports of its villages come to together, and a list of their households."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from villagedesk.documents.sheet import Sheet, Stamp
from villagedesk.policy.codes import CodeBook
from villagedesk.services.across import HANGS, OVER
from villagedesk.services.sheets import common
from villagedesk.services.site import CHINA
from villagedesk.services.township_figures import COUNTED, TownshipReport
from villagedesk.store.lists import HouseholdRow

STANDINGS = {HANGS: "张贴中", OVER: "期满，没有填写结果"}


def township_report(report: TownshipReport, made_at: datetime) -> Sheet:
    """A report of the whole township with the definition of each figure."""
    day = made_at.astimezone(CHINA).date()
    values = {
        "township": report.township,
        "area": "全县" if report.of_county else "全乡镇",
        "report": report.kind.title,
        "period": report.period.title,
        "made_on": common.chinese_date(day),
        "count": str(len(report.villages)),
        "invited": str(len(report.villages) + len(report.missing)),
        "missing": "、".join(report.missing),
        "left_out": "、".join(rule.title for rule in report.left_out),
        **{name: str(report.counted(name)) for name in COUNTED},
    }
    rows = {"figures": _figures(report), "villages": _villages(report), "notices": _notices(report)}
    tables = {name: common.table("township_report", name, found) for name, found in rows.items()}
    return Sheet("township_report", values, tables, Stamp(report.kind.key, report.period.title, day, made_at))


def _figures(report: TownshipReport) -> Iterator[Mapping[str, str]]:
    for place, line in enumerate(report.lines, 1):
        yield {"no": str(place), "title": line.title, "unit": line.figure.unit, "value": line.word,
               "meaning": line.figure.meaning}  # fmt: skip


def _villages(report: TownshipReport) -> Iterator[Mapping[str, str]]:
    for place, one in enumerate(report.villages, 1):
        counts = {name: str(getattr(one.counts, name)) for name in COUNTED}
        yield {"no": str(place), "village": one.counts.name, **counts, "last": common.chinese_date(one.last_on)}


def _notices(report: TownshipReport) -> Iterator[Mapping[str, str]]:
    for place, one in enumerate(report.notices, 1):
        yield {"no": str(place), "village": report.name_of(one.village), "title": one.title, "number": one.no,
               "posted": common.chinese_date(one.posted_on), "until": common.chinese_date(one.ends_on),
               "standing": STANDINGS.get(one.standing, "还没有张贴")}  # fmt: skip


@dataclass(frozen=True)
class Listed:
    """Households in the order of the paper. ``names``: village → its name; ``chosen``: by what they were filtered."""

    area: str
    households: Sequence[HouseholdRow]
    names: Mapping[str, str]
    chosen: str


def township_list(listed: Listed, codes: CodeBook, made_at: datetime) -> Sheet:
    """The households with village, group, number, head, size and state; nothing else of anybody."""
    day, rows = made_at.astimezone(CHINA).date(), listed.households
    values = {
        "area": listed.area,
        "chosen": listed.chosen,
        "made_on": common.chinese_date(day),
        "villages": str(len({one.village for one in rows})),
        "households": str(len(rows)),
        "persons": str(sum(one.persons for one in rows)),
    }
    table = common.table("township_list", "households", _households(listed, codes))
    return Sheet("township_list", values, {"households": table}, Stamp("township_list", listed.area, day, made_at))


def _households(listed: Listed, codes: CodeBook) -> Iterator[Mapping[str, str]]:
    for place, one in enumerate(listed.households, 1):
        yield {"no": str(place), "village": listed.names.get(one.village, one.village), "group": one.group,
               "number": one.no, "head": one.head, "size": str(one.persons),
               "kind": codes.word("household_kind", one.kind) if one.kind else "",
               "state": codes.word("poverty_state", one.state) if one.state else "",
               "year": str(one.exited_year or "")}  # fmt: skip
