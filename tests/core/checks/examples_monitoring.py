"""Examples of the rules K02–K10, K12, K14: a monitoring case that stands, and each way to spoil it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from tests.core.checks.examples import Example, bad, good
from tests.core.checks.sound import MEASURES
from villagedesk.drafts.monitoring import MonitoringDraft

MET = ("housing=met", "water=met", "education=met", "medical=met")
WATCHED = MonitoringDraft(
    id="k1", household_id="h1", state="helped", clue_source="visit", kind="1", risks=("01",), contact="乙一",
    found_on=date(2020, 1, 2), notice_from=date(2020, 1, 6), notice_until=date(2020, 1, 10),
    recognised_on=date(2020, 1, 15), needs=MET, helped_on=date(2020, 1, 20),
)  # fmt: skip
ENDED = replace(
    WATCHED, state="ended", found_on=date(2020, 1, 2), ended_on=date(2020, 7, 20), out_needs=MET, out_reference=600_000
)
LATER = {"today": date(2020, 8, 1)}
NOBODY: dict[str, Any] = {key: {"labour": "04", "work_area": "", "work_months": None} for key in ("head", "wife")}
HEALTH = MEASURES[1:2]


def case(base: MonitoringDraft = WATCHED, **changes: object) -> tuple[MonitoringDraft, ...]:
    return (replace(base, **changes),)


def wrong(
    rule: str, at: str, base: MonitoringDraft = ENDED, *, file: dict[str, Any] | None = None, **changes: object
) -> Example:
    return bad(rule, f"monitoring.{at}", monitoring=case(base, **changes), context=LATER, **(file or {}))


def right(
    rule: str, base: MonitoringDraft = ENDED, *, file: dict[str, Any] | None = None, **changes: object
) -> Example:
    return good(rule, monitoring=case(base, **changes), context=LATER, **(file or {}))


CASES = (
    wrong("K02", "recognised_on", WATCHED, recognised_on=None),
    wrong("K02", "ended_on", ended_on=None),
    wrong("K02", "ended_on", ended_on=date(2020, 8, 2)),
    wrong("K02", "recognised_on", recognised_on=date(2019, 12, 31)),
    right("K02", WATCHED, state="found", recognised_on=None),
    right("K02"),
    wrong("K03", "ended_on", ended_on=date(2020, 7, 14)),
    right("K03", ended_on=date(2020, 7, 15)),
    right("K03", state="ended_naturally", ended_on=date(2020, 1, 16)),
    wrong("K04", "helped_on", WATCHED, file={"measures": ()}),
    wrong("K04", "helped_on", WATCHED, file={"measures": HEALTH}),
    right("K04", WATCHED),
    right("K04", WATCHED, recognised_on=date(2020, 7, 2), file={"measures": ()}),
    right("K04", WATCHED, file={"measures": HEALTH, **NOBODY}),
    wrong("K05", "ended_on", file={"measures": ()}),
    right("K05"),
    right("K05", state="ended_naturally", file={"measures": ()}),
    wrong("K06", "out_reference", out_reference=None),
    wrong("K06", "out_needs", out_needs=()),
    wrong("K06", "contact", contact=" "),
    right("K06"),
    right("K06", state="ended_naturally", out_reference=None, out_needs=()),
    wrong("K07", "out_needs", out_needs=("housing=unmet", *MET[1:])),
    right("K07", out_needs=(*MET, "income=unmet")),
    wrong("K08", "out_reference", out_reference=499_999),
    right("K08", out_reference=500_000),
    wrong("K09", "ended_on", file=NOBODY),
    right("K09"),
    right("K09", state="ended_naturally", file=NOBODY),
    wrong("K10", "risks", WATCHED, needs=("housing=unmet", *MET[1:])),
    right("K10", WATCHED, needs=("housing=unmet", *MET[1:]), risks=("09",)),
    wrong("K12", "recognised_on", recognised_on=date(2020, 1, 18)),
    right("K12", recognised_on=date(2020, 1, 17)),
    wrong("K12", "notice_until", notice_until=date(2020, 1, 9)),
    right("K12"),
    wrong("K14", "risks", WATCHED, risks=("07",), file=NOBODY),
    right("K14", WATCHED, risks=("07",)),
)
