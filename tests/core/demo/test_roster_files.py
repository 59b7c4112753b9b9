"""Rosters of generated villages: the columns of DOMAIN §4.1, the same bytes, mistakes where they are said to be."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import get_args

import pytest
from python_calamine import CalamineWorkbook

from villagedesk.demo.mistakes import Mistake
from villagedesk.demo.roster import HEADING_ROW, write_roster
from villagedesk.demo.village import GeneratedVillage, generate
from villagedesk.exchange.fields import load_fields

VILLAGE = generate("jiangsu-2018", 40, 11)
MISTAKES: tuple[Mistake, ...] = get_args(Mistake)


def rows(path: Path) -> list[list[str]]:
    """The rows of a roster, the headings first, every cell checked to be text."""
    if path.suffix == ".csv":
        return list(csv.reader(path.read_text("gb18030").splitlines()))
    sheet = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
    assert all(isinstance(cell, str) for row in sheet for cell in row)
    return [[str(cell) for cell in row] for row in sheet[HEADING_ROW - 1 :]]


def people(village: GeneratedVillage) -> int:
    return sum(len(each.draft.members) for each in village.households)


@pytest.mark.parametrize("ending", [".xlsx", ".csv"])
@pytest.mark.parametrize("form", ["26", "47", "full"])
def test_the_same_village_gives_the_same_bytes(tmp_path: Path, form: str, ending: str) -> None:
    first, second = tmp_path / f"a{ending}", tmp_path / f"b{ending}"
    assert write_roster(VILLAGE, first, form) == ()
    write_roster(generate("jiangsu-2018", 40, 11), second, form)
    assert first.read_bytes() == second.read_bytes()
    assert len(rows(first)) == 1 + people(VILLAGE)


@pytest.mark.parametrize(("form", "count"), [("26", 26), ("47", 47)])
def test_a_list_has_the_columns_it_is_named_after(tmp_path: Path, form: str, count: int) -> None:
    write_roster(VILLAGE, tmp_path / "r.csv", form)
    headings = rows(tmp_path / "r.csv")[0]
    assert len(headings) == len(set(headings)) == count
    known = load_fields()
    unknown = [heading for heading in headings if not known.find(heading) and not known.drop_reason(heading)]
    assert unknown == [] or form == "47"


def test_words_stand_for_codes_and_dates_are_written_out(tmp_path: Path) -> None:
    write_roster(VILLAGE, tmp_path / "r.xlsx", "full")
    headings, *body = rows(tmp_path / "r.xlsx")
    first = dict(zip(headings, body[0], strict=True))
    head = VILLAGE.households[0].draft.members[0]
    assert first["姓名"] == head.name
    assert first["与户主关系"] == "本人或户主"
    assert first["出生日期"] == head.birth.isoformat()
    assert first["证件号码"] == head.id_number
    assert first["饮水安全"] in {"是", "否"}


def test_rare_characters_survive_gb18030(tmp_path: Path) -> None:
    village = generate("national-2018", 150, 1)
    write_roster(village, tmp_path / "r.csv", "26")
    names = [row[6] for row in rows(tmp_path / "r.csv")[1:]]
    assert names == [person.name for each in village.households for person in each.draft.members]
    assert any("𬭎" in name for name in names)


@pytest.mark.parametrize("ending", [".xlsx", ".csv"])
@pytest.mark.parametrize("form", ["26", "47", "full"])
def test_planted_mistakes_stand_where_they_are_said_to(tmp_path: Path, form: str, ending: str) -> None:
    clean, spoilt = tmp_path / f"clean{ending}", tmp_path / f"spoilt{ending}"
    write_roster(VILLAGE, clean, form)
    planted = write_roster(VILLAGE, spoilt, form, MISTAKES)
    assert [each.mistake for each in planted] == list(MISTAKES)
    was, now = rows(clean), rows(spoilt)
    first = 1 if ending == ".csv" else HEADING_ROW
    changed = {
        (line + first, was[0][column], row[column])
        for line, row in enumerate(now)
        for column in range(len(row))
        if row[column] != was[line][column]
    }
    told = {(each.row, each.heading, each.value) for each in planted}
    assert changed == told


def test_too_many_mistakes_for_a_small_village(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="too few households"):
        write_roster(generate("jiangsu-2018", 2, 1), tmp_path / "r.csv", "26", MISTAKES)
    assert not (tmp_path / "r.csv").exists()
