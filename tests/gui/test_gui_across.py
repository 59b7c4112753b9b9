"""The counts and notices of all villages at the township."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from tests.gui.townships import NOW, VILLAGES, family, meet, page_of
from ui.app import Program
from villagedesk.desk import Desk
from villagedesk.hub import Hub


def _notice(desk: Desk, no: str, **values: object) -> None:
    with desk.site.store.work("test", "test") as work:
        said = {"kind": "exit", "no": no, "year": 2026, "state": "posted", **values}
        work.put("notice", desk.site.village, said, f"{no}-{desk.site.village}")


def test_every_village_is_counted_and_late_notices_come_first(
    office: Program, hub: Hub, desks: list[Desk], tmp_path: Path
) -> None:
    desks[0].households.save(family("2", "赵二"), "visit")
    today = NOW.date()
    _notice(desks[0], "1", posted_on=today, ends_on=date(2026, 3, 9))
    _notice(desks[0], "2", posted_on=date(2026, 2, 2), ends_on=date(2026, 2, 9))
    _notice(desks[1], "3", posted_on=date(2026, 2, 2), ends_on=date(2026, 2, 9), closed_on=date(2026, 2, 10))
    meet(desks, hub, tmp_path)
    page = page_of(office, "across")
    figures = [page.figures.row(n) for n in range(page.figures.rowCount())]
    assert [(one.name, one.households, one.persons, one.hanging) for one in figures] == [
        ("东村", 2, 4, 1),
        ("西村", 1, 2, 0),
    ]
    notices = [page.notices.row(n) for n in range(page.notices.rowCount())]
    assert [(one.village, one.no, one.standing) for one in notices] == [
        (VILLAGES[0], "2", "over"), (VILLAGES[0], "1", "hangs"),
    ]  # fmt: skip
    assert "3" in page._total.text()
    page._on_opened(figures[1])
    assert office.window.frame.key == "village"
