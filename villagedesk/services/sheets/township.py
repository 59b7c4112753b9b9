"""The township's own paper: what the reports of its villages come to together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from villagedesk.documents.sheet import Sheet, Stamp
from villagedesk.services.across import HANGS, OVER
from villagedesk.services.sheets import common
from villagedesk.services.site import CHINA
from villagedesk.services.township_figures import COUNTED, TownshipReport

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
