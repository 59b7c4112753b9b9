"""The report of a year's changes (年度动态变化报告): its counts and every event, from the events alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from villagedesk.documents.sheet import Sheet
from villagedesk.drafts.event import EventDraft
from villagedesk.services.event_course import REASONS
from villagedesk.services.event_report import Report
from villagedesk.services.sheets import common
from villagedesk.services.site import Site

PAPER = "change_report"
_SIGNS = ("+", "−")

Called = tuple[Mapping[str, str], Mapping[str, str]]
"""Names of persons and numbers of households, by id."""


def change_report(site: Site, village: str, report: Report, events: Sequence[EventDraft], called: Called) -> Sheet:
    """The sheet of a year; ``events`` in order of their days."""
    values = {
        "village": village,
        "year": str(report.year),
        "ends": "固定的年终名单" if report.frozen else "编制当日",
        "within": str(report.within),
        "made_on": common.chinese_date(site.today()),
    }
    lines = [_event(site, number, event, called) for number, event in enumerate(events, 1)]
    tables = {
        "balance": common.table(PAPER, "balance", _balance(site, report)),
        "events": common.table(PAPER, "events", lines),
    }
    return Sheet(PAPER, values, tables, common.stamp(site, f"changes{report.year}", str(report.year)))


def _balance(site: Site, report: Report) -> list[dict[str, str]]:
    homes, people = report.households, report.persons
    rows = [{"what": "年初", "households": str(homes.start), "persons": str(people.start)}]
    for sign, home, person in zip(_SIGNS, (homes.came, homes.went), (people.came, people.went), strict=True):
        for kind in dict.fromkeys((*person, *home)):
            counted = {"households": home, "persons": person}
            cells = {name: f"{sign}{counts[kind]}" if kind in counts else "" for name, counts in counted.items()}
            rows.append({"what": common.word(site, "event_kind", kind), **cells})
    return [*rows, {"what": "期末", "households": str(homes.end), "persons": str(people.end)}]


def _event(site: Site, number: int, event: EventDraft, called: Called) -> dict[str, str]:
    names, numbers = called
    homes = (numbers.get(home, "") for home in (event.household_id, event.other_id) if home)
    codes, _ = REASONS.get(event.kind, ("", ""))
    return {
        "no": str(number),
        "day": event.happened_on.isoformat() if event.happened_on else "",
        "what": common.word(site, "event_kind", event.kind),
        "numbers": "→".join(homes),
        "persons": "、".join(names[each] for each in event.member_ids if each in names),
        "reason": common.word(site, codes, event.reason_code) if codes else "",
        "proof": "；".join(filter(None, (event.document, event.note))),
    }
