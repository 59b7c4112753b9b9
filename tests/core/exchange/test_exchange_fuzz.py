"""Whatever the bytes: a roster comes out, or one of our own errors, and no ID number in any sentence."""

from __future__ import annotations

import io
import re
import tempfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from villagedesk.errors import VillageDeskError
from villagedesk.exchange import mapping
from villagedesk.exchange.fields import load_fields
from villagedesk.exchange.roster import Roster, read_roster
from villagedesk.policy.codes import load_codes

FIELDS, CODES = load_fields(), load_codes()
HEADINGS = [
    "户编号",
    "姓名",
    "证件号码",
    "与户主关系",
    "健康状况",
    "出生日期",
    "耕地",
    "务工时间(月)",
    "危房户",
    "民族",
    "网格",
]
cells = st.one_of(
    st.text(max_size=12),
    st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(),
    st.sampled_from(
        ["户主", "01", "1", "", " ", "=1", "3.2E+17", "2015年3月1日", "000000197001010019", "健康,残疾", "\ue863"]
    ),
)
rows = st.lists(st.lists(cells, min_size=len(HEADINGS), max_size=len(HEADINGS)), max_size=6)
BEGINNINGS = [b"PK\x03\x04", bytes.fromhex("D0CF11E0A1B11AE1"), b"\xff\xfe", "户编号,姓名\n".encode()]
NUMBERED = re.compile(r"\d{17}[\dXx]")


def read(content: bytes, name: str) -> Roster | None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        try:
            roster = read_roster(path, FIELDS, CODES, year=2020)
        except VillageDeskError as error:
            said = str(error)
            roster = None
    if roster is None:
        assert not NUMBERED.search(said)
        return None
    for one in roster.rejected:
        assert not NUMBERED.search(f"{one.value}{one.reason}"), one
    assert not NUMBERED.search(" ".join(map(str, roster.notes)))
    return roster


@settings(max_examples=150)
@given(st.binary(max_size=400), st.sampled_from(["a.xlsx", "a.xls", "a.csv", "a.txt", "a"]))
def test_any_bytes(content, name):
    read(content, name)


@settings(max_examples=100)
@given(
    st.binary(max_size=300),
    st.sampled_from(BEGINNINGS),
)
def test_any_bytes_behind_a_known_beginning(content, start):
    read(start + content, "a.csv")


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows)
def test_any_cells_under_known_headings(as_xlsx, people_rows):
    from openpyxl.utils.exceptions import IllegalCharacterError

    try:
        content = as_xlsx([HEADINGS, *people_rows])
    except IllegalCharacterError:
        return
    roster = read(content, "a.xlsx")
    if roster is None:
        return
    assert roster.lines >= len(roster.rows)
    refused = {(one.sheet, one.row) for one in roster.rejected}
    assert len(refused) + len(roster.rows) == roster.lines
    assert refused.isdisjoint((row.sheet, row.line) for row in roster.rows)
    for household in roster.households:
        assert [row.member["relation"] for row in household.rows].count("01") == 1
        assert household.no == household.values["no"] != ""
    numbers = [row.member["id_number"][:18] for row in roster.rows if row.member["id_number"]]
    assert len(set(numbers)) == len(numbers)


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows, st.sampled_from(["utf-8", "gb18030"]))
def test_any_cells_of_a_text_table(as_text, people_rows, encoding):
    read(as_text([HEADINGS, *people_rows]).encode(encoding, "replace"), "a.csv")


@pytest.fixture(scope="module")
def good_workbook() -> bytes:
    import openpyxl

    book = openpyxl.Workbook()
    book.active.append(HEADINGS)
    book.active.append(["1", "张甲", "000000197001010019", "户主", "健康", "1970-01-01", 3, 6, "否", "汉族", "x"])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


@settings(max_examples=200)
@given(data=st.data())
def test_a_workbook_with_bytes_changed_or_cut(good_workbook, data):
    content = bytearray(good_workbook)
    for _ in range(data.draw(st.integers(0, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    read(bytes(content[: data.draw(st.integers(1, len(content)))]), "a.xlsx")


@settings(max_examples=200)
@given(data=st.data())
def test_a_workbook_whose_parts_are_changed(good_workbook, data):
    """The zip is whole, so that the changes reach the reader of cells."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(good_workbook)) as old, zipfile.ZipFile(stream, "w") as new:
        part = data.draw(st.sampled_from(old.namelist()))
        for name in old.namelist():
            content = bytearray(old.read(name))
            if name == part and content:
                start = data.draw(st.integers(0, len(content) - 1))
                content[start : start + data.draw(st.integers(0, 40))] = data.draw(st.binary(max_size=20))
            new.writestr(name, bytes(content))
    read(stream.getvalue(), "a.xlsx")


@settings(max_examples=100)
@given(st.text(max_size=200))
def test_any_mapping_file(text):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "mine.toml"
        path.write_text(text, "utf-8")
        try:
            mapping.load(path, FIELDS)
        except VillageDeskError:
            return
