"""Registers and rejects files: text stays text, nothing is a formula, what is written is read again."""

from __future__ import annotations

import zipfile
from datetime import UTC, date, datetime
from pathlib import Path

import openpyxl
import pytest

from villagedesk.errors import Unavailable, Usage
from villagedesk.exchange.registers import load_register
from villagedesk.exchange.roster import read_roster
from villagedesk.exchange.workbook import Sheetful, write_register, write_rejects

CREATED = datetime(2020, 12, 31, 8, 0, tzinfo=UTC)
NOTES = (("数据日期", "2020-12-31"), ("口径", "=不是公式"))


def content(rows) -> Sheetful:
    return Sheetful(rows, len(rows), NOTES, CREATED)


def rows_of(roster):
    """The rows of a roster by field path, as a service hands them over."""
    for row in roster.rows:
        yield {
            **{f"household.{name}": value for name, value in row.household.items()},
            **{f"member.{name}": value for name, value in (row.member or {}).items()},
            **{f"roster.{name}": value for name, value in row.context.items()},
        }


@pytest.fixture
def path(tmp_path):
    return tmp_path / "册.xlsx"


@pytest.mark.parametrize("name", ["persons-26", "persons-47"])
def test_what_is_written_is_read_again_without_mapping(read, path, fields, codes, two_households, as_table, name):
    roster = read(as_table([{**row, "危房户": "否"} for row in two_households]))
    write_register(path, load_register(name), content(list(rows_of(roster))), codes, year=2020)
    again = read_roster(path, fields, codes, year=2020)
    assert again.rejected == ()
    for old, new in zip(roster.rows, again.rows, strict=True):
        assert {key: value for key, value in old.member.items() if new.member.get(key, value) != value} == {}
        assert {key: value for key, value in old.household.items() if new.household.get(key, value) != value} == {}
    assert again.rows[0].line == 4


def test_every_cell_of_the_state_lists_is_text(read, path, codes, two_households, as_table):
    roster = read(as_table(two_households))
    write_register(path, load_register("persons-26"), content(list(rows_of(roster))), codes, year=2020)
    sheet = openpyxl.load_workbook(path).worksheets[0]
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "inlineStr"}
    assert sheet.freeze_panes == "A4"


@pytest.mark.parametrize("evil", ["=1+1", "+1", "-1", "@SUM(1)", "\tx", "\rx", '=HYPERLINK("file:///x")'])
def test_no_text_becomes_a_formula(path, codes, evil):
    write_register(path, load_register("members"), content([{"member.name": evil, "household.no": evil}]), codes)
    with zipfile.ZipFile(path) as archive:
        xml = archive.read("xl/worksheets/sheet1.xml").decode()
        styles = archive.read("xl/styles.xml").decode()
        assert not [name for name in archive.namelist() if "hyperlink" in name or "external" in name]
    assert "<f>" not in xml
    assert "hyperlink" not in xml
    assert 'quotePrefix="1"' in styles
    cell = openpyxl.load_workbook(path).worksheets[0]["A3"]
    assert cell.data_type != "f"
    assert cell.quotePrefix


def test_a_register_of_the_desk_has_numbers_and_totals(path, codes, fields):
    rows = [
        {"household.no": "1", "roster.persons": 3, "household.land_arable": 350, "household.water_safe": True},
        {
            "household.no": "2",
            "roster.persons": 2,
            "household.land_arable": 125,
            "household.other_causes": ("09", "07"),
        },
    ]
    write_register(path, load_register("households"), content(rows), codes)
    sheet, notes = openpyxl.load_workbook(path).worksheets
    register = load_register("households")
    place = {column.heading: index for index, column in enumerate(register.columns, 1)}
    assert [sheet.cell(line, place["人数"]).value for line in (3, 4, 5)] == [3, 2, 5]
    assert [sheet.cell(line, place["耕地面积(亩)"]).value for line in (3, 4, 5)] == [3.5, 1.25, 4.75]
    assert sheet.cell(3, place["饮水安全"]).value == "是"
    assert sheet.cell(4, place["其他致贫原因"]).value == "缺资金、缺技术"
    assert sheet.cell(5, 1).value == "合计"
    assert sheet.cell(1, 1).value == "农户名册"
    assert [cell.value for cell in notes["B"]] == ["2020-12-31", "=不是公式"]
    assert [household.no for household in read_roster(path, fields, codes, year=2020).households] == ["1", "2"]


def test_an_empty_register_still_has_its_headings(path, codes):
    write_register(path, load_register("households"), content([]), codes)
    assert openpyxl.load_workbook(path).worksheets[0].cell(2, 1).value == "户编号"


def test_the_same_content_gives_the_same_bytes(tmp_path, codes):
    files = [tmp_path / "a.xlsx", tmp_path / "b.xlsx"]
    for file in files:
        rows = [{"member.name": "张䶮", "member.birth": date(1970, 1, 1)}]
        write_register(file, load_register("members"), content(rows), codes)
    assert files[0].read_bytes() == files[1].read_bytes()
    assert sorted(child.name for child in tmp_path.iterdir()) == ["a.xlsx", "b.xlsx"]


def test_a_mended_rejects_file_is_imported(read, tmp_path, fields, codes, two_households, as_table):
    good = two_households[0]["证件号码"]
    two_households[0]["证件号码"] = float(good)
    roster = read(as_table([{**row, "备注": "=危险"} for row in two_households]))
    assert len(roster.rejected_rows) == 2
    rejects = tmp_path / "rejects.xlsx"
    write_rejects(rejects, roster.rejected_rows, created=CREATED)
    book = openpyxl.load_workbook(rejects)
    sheet = book.worksheets[0]
    assert sheet.cell(1, sheet.max_column).value == "Reason not taken"
    assert "Format the column as text" in sheet.cell(2, sheet.max_column).value
    assert {cell.data_type for row in sheet.iter_rows(min_row=2) for cell in row if cell.value} == {"s"}
    sheet.cell(2, 4).value = good
    book.save(rejects)
    again = read_roster(rejects, fields, codes, year=2020)
    assert again.rejected == ()
    assert again.unknown_columns == ()
    assert [row.member["id_number"] for row in again.rows] == [good, two_households[1]["证件号码"]]


def test_words_in_the_right_year(path, codes):
    row = {"household.kind": "03", "member.relation": "01"}
    write_register(path, load_register("persons-26"), content([row]), codes, year=2016)
    sheet = openpyxl.load_workbook(path).worksheets[0]
    values = [cell.value for cell in sheet[4] if cell.value]
    assert values == ["本人或户主", "五保贫困户"]


def test_a_place_that_cannot_be_written_leaves_nothing(tmp_path, codes, monkeypatch):
    def full(*_args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(Unavailable, match="cannot be written"):
        write_register(tmp_path / "a.xlsx", load_register("members"), content([{"member.name": "甲"}]), codes)
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(Unavailable):
        write_register(tmp_path / "none" / "a.xlsx", load_register("members"), content([]), codes)


def test_a_register_that_is_not_there_names_those_that_are():
    with pytest.raises(Usage, match="persons-26"):
        load_register("../fields")
