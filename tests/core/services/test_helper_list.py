"""The list of helpers: filtered, ordered, saved as it is shown."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook

from villagedesk.desk import Desk
from villagedesk.drafts.team import HelperDraft
from villagedesk.errors import Usage


@pytest.fixture
def three(desk: Desk) -> list[str]:
    """钱一 helps two households, 王二 none any more, 李三 never did."""
    people = (
        HelperDraft(name="钱一", unit="县医院", roles=("01", "05")),
        HelperDraft(name="王二", unit="县教育局", roles=("05",)),
        HelperDraft(name="李三", unit="县医院"),
    )
    ids = [desk.team.save_helper(one, "entered").records["helper"][0] for one in people]
    today, homes = desk.site.today(), desk.lists.household_ids()
    old = desk.team.pair(homes[0], ids[1], today - timedelta(days=90), "paired").records["pairing"][0]
    desk.team.end_pairing(old, today - timedelta(days=30), "moved")
    for home in homes[:2]:
        desk.team.pair(home, ids[0], today - timedelta(days=20), "paired")
    return ids


def test_helpers_know_since_when_until_when_and_how_many(desk: Desk, three: list[str]) -> None:
    today = desk.site.today()
    rows = desk.helpers.rows(three)
    assert [row.id for row in rows] == three
    assert [(row.households, row.starts_on, row.ends_on) for row in rows] == [
        (2, today - timedelta(days=20), None),
        (0, today - timedelta(days=90), today - timedelta(days=30)),
        (0, None, None),
    ]


def test_who_begins_next_month_does_not_help_yet(desk: Desk) -> None:
    today = desk.site.today()
    other = desk.team.save_helper(HelperDraft(name="周五"), "entered").records["helper"][0]
    desk.team.pair(desk.lists.household_ids()[2], other, today + timedelta(days=20), "paired")
    (row,) = desk.helpers.rows([other])
    assert (row.households, row.starts_on, row.ends_on) == (0, today + timedelta(days=20), None)
    assert other not in desk.helpers.ids({"running": "1"})


def test_helpers_are_filtered_and_ordered(desk: Desk, three: list[str]) -> None:
    one, two, other = three
    assert desk.helpers.ids() == (other, one, two)  # li, qian, wang
    assert desk.helpers.ids(sort="households")[-1] == one
    assert desk.helpers.ids({"unit": "县医院"}) == (other, one)
    assert desk.helpers.ids({"roles": "05"}) == (one, two)
    assert desk.helpers.ids({"running": "1"}) == (one,)
    assert dict(desk.helpers.values_of("roles")) == {"01": 1, "05": 2}
    for asked in ({"where": {"politics": "01"}}, {"sort": "politics"}):
        with pytest.raises(Usage):
            desk.helpers.ids(**asked)


def test_the_list_is_saved_as_text(desk: Desk, three: list[str], tmp_path: Path) -> None:
    assert desk.helpers.write(["姓名", "备注"], [["钱一", "=1+1"], ["王二", "@x"]], tmp_path / "a.xlsx") == 2
    rows = list(load_workbook(tmp_path / "a.xlsx").worksheets[0].iter_rows(min_row=3, max_row=4))
    assert [[cell.value for cell in row][:2] for row in rows] == [["钱一", "=1+1"], ["王二", "@x"]]
    assert all(cell.data_type == "s" for row in rows for cell in row if cell.value)
