"""The twin of a list paper says in a spreadsheet what the paper says, under the same leak check."""

from __future__ import annotations

from dataclasses import replace

import openpyxl
import pytest

from tests.factories import YEAR
from villagedesk.documents.sheet import Look
from villagedesk.errors import Refused, Unavailable


@pytest.fixture
def twins(desk):
    return desk.twins


def cells(path, worksheet=0):
    with path.open("rb") as stream:
        book = openpyxl.load_workbook(stream)
        return [list(row) for row in book.worksheets[worksheet].iter_rows(values_only=True)]


def test_the_twin_has_the_rows_of_the_paper(desk, story, twins, tmp_path):
    story.cases()
    path = tmp_path / twins.file_name("exit_list", str(YEAR), YEAR)
    twins.write(path, "exit_list", [str(YEAR)])
    (title, *_), headings, *rows, total = cells(path)
    sheet = desk.papers.sheet("exit_list", str(YEAR))
    assert title.endswith("名单")
    assert headings[:4] == ["序号", "村民小组", "户编号", "户主姓名"]
    assert [[cell or "" for cell in row] for row in rows] == [list(row) for row in sheet.tables["households"]]
    assert "3户" in total


def test_every_number_stays_a_text(story, twins, tmp_path):
    story.cases()
    twins.write(tmp_path / "x.xlsx", "exit_list", [str(YEAR)])
    assert {type(cell) for row in cells(tmp_path / "x.xlsx") for cell in row if cell is not None} == {str}


def test_a_twin_by_group_has_a_worksheet_a_group_and_masked_names(story, twins, tmp_path):
    story.cases()
    twins.write(tmp_path / "x.xlsx", "exit_list", [str(YEAR)], Look(by_group=True, masked=True))
    assert [cells(tmp_path / "x.xlsx", n)[2][1] for n in range(3)] == ["一组", "二组", "十组"]
    assert "*" in cells(tmp_path / "x.xlsx")[2][3]


def test_what_may_not_be_posted_is_no_spreadsheet_either(desk, story, twins, tmp_path):
    _, notice = story.posted()
    home = desk.households.all()[0]
    named = replace(home.members[0], name=f"王{home.members[0].id_number}")
    desk.households.save(replace(home, members=(named, *home.members[1:])), "typing error")
    with pytest.raises(Refused):
        twins.write(tmp_path / "x.xlsx", "exit_notice", [notice])
    assert not (tmp_path / "x.xlsx").exists()


def test_papers_without_a_list_and_places_that_are_not_there_are_refused(story, twins, tmp_path):
    story.cases()
    assert "no_objection" not in twins.kinds()
    assert "exit_list" in twins.kinds()
    with pytest.raises(Unavailable):
        twins.write(tmp_path / "nowhere" / "x.xlsx", "exit_list", [str(YEAR)])
