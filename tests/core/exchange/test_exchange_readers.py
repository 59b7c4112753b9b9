"""Bad input: whatever a file is, it is read or refused with one sentence, and never runs anything."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from villagedesk.errors import Unavailable, Unreadable, VillageDeskError
from villagedesk.exchange import package
from villagedesk.exchange.encodings import decode, without_private
from villagedesk.exchange.readers import open_book

RARE = "张㛃 李䶮 王𬭎"


def refusal(tmp_path: Path, content: bytes, name: str = "名单.xlsx") -> str:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(VillageDeskError) as caught:
        open_book(path)
    assert isinstance(caught.value, Unreadable)
    sentence = str(caught.value)
    assert name in sentence
    assert "\n" not in sentence
    return sentence


def rewritten(content: bytes, part: str, change) -> bytes:
    """The workbook with one part changed."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(old.read(name)) if name == part else old.read(name))
    return stream.getvalue()


SHEET = "xl/worksheets/sheet1.xml"


@pytest.fixture
def good(as_xlsx) -> bytes:
    return as_xlsx([["户编号", "姓名"], ["1", "张甲"]])


@pytest.mark.parametrize(
    ("content", "name", "says"),
    [
        (b"", "a.xlsx", "is empty"),
        (b"\r\n  \r\n", "a.csv", "is empty"),
        (b"hello", "a.xlsx", "neither an Excel workbook"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\0\0", "a.csv", "neither an Excel workbook"),
        (b"PK\x03\x04 cut off", "a.xlsx", "is damaged"),
        (b"PK\x05\x06" + b"\0" * 18, "a.xlsx", "not an Excel workbook"),
        (b"<html><table><tr><td>x</td></tr></table></html>", "a.xls", "is a web page"),
        (b"\xef\xbb\xbf\r\n<!DOCTYPE html>", "a.xls", "is a web page"),
        (b'<?xml version="1.0"?><Workbook/>', "a.xls", "is a web page"),
        (bytes.fromhex("D0CF11E0A1B11AE1") + b"\0" * 2000, "a.xls", "damaged or not"),
        (
            bytes.fromhex("D0CF11E0A1B11AE1") + b"\0" * 504 + "EncryptedPackage".encode("utf-16-le"),
            "a.xlsx",
            "password",
        ),
        ("姓名".encode("gb18030") + b"\xff\xff\x81", "a.csv", "unknown encoding"),
    ],
)
def test_what_is_no_table_is_refused_with_one_sentence(tmp_path, content, name, says):
    assert says in refusal(tmp_path, content, name)


def test_a_cut_off_workbook(tmp_path, good):
    assert "is damaged" in refusal(tmp_path, good[: len(good) // 2])


def test_a_workbook_with_a_changed_byte_inside(tmp_path, good):
    place = good.index(b"xl/worksheets/sheet1.xml") + 40
    assert "is damaged" in refusal(tmp_path, good[:place] + bytes([good[place] ^ 255]) + good[place + 1 :])


def test_a_sheet_that_is_no_xml(tmp_path, good):
    assert "damaged or not" in refusal(tmp_path, rewritten(good, SHEET, lambda old: old[: len(old) // 2]))


def test_zips_of_other_programs(tmp_path):
    for part, says in (("word/document.xml", "not an Excel workbook"), ("content.xml", "Save it as .xlsx")):
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as archive:
            archive.writestr(part, "<x/>")
        assert says in refusal(tmp_path, stream.getvalue())


def test_a_zip_bomb_is_not_unpacked(tmp_path, good, monkeypatch):
    monkeypatch.setattr(package, "MAX_UNPACKED", 3_000_000)
    bomb = rewritten(good, "xl/styles.xml", lambda old: old + b" " * 30_000_000)
    assert len(bomb) < 100_000
    assert "far too much" in refusal(tmp_path, bomb)


@pytest.mark.parametrize("place", ["A100000", "XFD1", "GS2", "XFD1048576", "a1048576"])
def test_a_stray_cell_that_would_fill_the_memory(tmp_path, good, place):
    cell = f'<row r="9"><c r="{place}"><v>1</v></c></row></sheetData>'.encode()
    assert "beyond row" in refusal(tmp_path, rewritten(good, SHEET, lambda old: old.replace(b"</sheetData>", cell)))


@pytest.mark.parametrize(
    "cell",
    [
        b"<row r='1048576'><c><v>1</v></c></row>",
        b"<row r=\"9\"><c\tr='XFD1048576'><v>1</v></c></row>",
        b'<row r="9"><c s="0" r = "XFD1048576" ><v>1</v></c></row>',
        b'<row r="9"><c\nr="XFD1048576"><v>1</v></c></row>',
        b'<row r="9"><c r= "ABC7" s="0"><v>1</v></c></row>',
    ],
)
def test_a_stray_cell_in_odd_spelling(tmp_path, good, cell):
    changed = rewritten(good, SHEET, lambda old: old.replace(b"</sheetData>", cell + b"</sheetData>"))
    assert "beyond row" in refusal(tmp_path, changed)
    with pytest.raises(Unreadable, match="beyond row"):  # before the cell reader lays out its grid
        package.inspect(changed, "a.xlsx")


def test_a_stray_cell_across_the_pieces_it_is_read_in(good, monkeypatch):
    monkeypatch.setattr(package, "_OVERLAP", 64)
    cell = b'<row r="9"><c r="B200000" s="0"><v>1</v></c></row></sheetData>'
    for size in (64, 65, 66, 67, 71, 83):
        monkeypatch.setattr(package, "_CHUNK", size)
        with pytest.raises(Unreadable, match="beyond row"):
            package.inspect(rewritten(good, SHEET, lambda old: old.replace(b"</sheetData>", cell)), "a.xlsx")


def test_empty_formatted_rows_to_the_end_of_the_sheet_are_passed_over(tmp_path, good):
    empty = b"".join(
        b'<row r="%d"><c r="A%d" s="0"/><c r="B%d"></c></row>' % (line, line, line)
        for line in range(1_040_000, 1_048_577)
    )
    path = tmp_path / "a.xlsx"
    path.write_bytes(rewritten(good, SHEET, lambda old: old.replace(b"</sheetData>", empty + b"</sheetData>")))
    assert [list(row) for row in open_book(path).sheets[0].rows] == [["户编号", "姓名"], ["1", "张甲"]]


def test_one_hundred_thousand_lines_of_text_are_refused(tmp_path):
    assert "beyond row" in refusal(tmp_path, "户编号,姓名\n".encode() * 100_000, "a.csv")


def test_a_file_that_is_too_large(tmp_path, monkeypatch):
    monkeypatch.setattr("villagedesk.exchange.readers.MAX_BYTES", 10)
    assert "larger than" in refusal(tmp_path, b"x" * 11, "a.csv")


def test_no_file_and_a_folder(tmp_path):
    with pytest.raises(Unreadable, match="There is no file"):
        open_book(tmp_path / "none.xlsx")
    with pytest.raises(VillageDeskError):
        open_book(tmp_path)


def test_a_file_the_machine_cannot_read_is_no_fault_of_the_file(tmp_path, monkeypatch):
    path = tmp_path / "a.csv"
    path.write_bytes(b"x")
    monkeypatch.setattr(Path, "read_bytes", lambda self: (_ for _ in ()).throw(PermissionError(13, "in use")))
    with pytest.raises(Unavailable):
        open_book(path)


def test_a_panic_of_the_cell_reader_is_a_damaged_file(tmp_path, good, monkeypatch):
    class PanicException(BaseException):
        pass

    def panic(stream):
        raise PanicException

    monkeypatch.setattr("python_calamine.load_workbook", panic)
    assert "damaged or not" in refusal(tmp_path, good)


def test_an_interrupt_is_not_taken_for_a_damaged_file(tmp_path, good, monkeypatch):
    def interrupt(stream):
        raise KeyboardInterrupt

    monkeypatch.setattr("python_calamine.load_workbook", interrupt)
    path = tmp_path / "a.xlsx"
    path.write_bytes(good)
    with pytest.raises(KeyboardInterrupt):
        open_book(path)


def test_macros_are_noted_and_formulas_are_values(tmp_path):
    path = tmp_path / "a.xlsm"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet()
    sheet.write_formula(0, 0, '=WEBSERVICE("http://127.0.0.1/")', None, "户编号")
    sheet.write_formula(0, 1, "='[other.xlsx]A'!A1", None, 7)
    book.close()
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"\xd0\xcf")
    found = open_book(path)
    assert next(iter(found.sheets[0].rows)) == ["户编号", 7.0]
    assert "macros" in str(found.notes[0])


def test_hidden_sheets_are_not_read(tmp_path):
    book = openpyxl.Workbook()
    book.active["A1"] = "shown"
    hidden = book.create_sheet("hidden")
    hidden.sheet_state = "hidden"
    hidden["A1"] = "secret"
    book.save(tmp_path / "a.xlsx")
    assert [next(iter(sheet.rows))[0] for sheet in open_book(tmp_path / "a.xlsx").sheets] == ["shown"]


def test_the_calendar_of_1904_is_seen(tmp_path):
    book = openpyxl.Workbook()
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    book.active["A1"] = 1
    book.save(tmp_path / "a.xlsx")
    assert open_book(tmp_path / "a.xlsx").from_1904


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_text_tables_in_every_encoding(tmp_path, as_text, encoding, delimiter):
    path = tmp_path / "a.csv"
    path.write_bytes(as_text([["户编号", "姓名", "备注"], ["1", RARE, 'x"y']], delimiter).encode(encoding))
    assert [list(row) for row in open_book(path).sheets[0].rows] == [["户编号", "姓名", "备注"], ["1", RARE, 'x"y']]


def test_rare_characters_survive_the_old_encoding():
    assert decode(RARE.encode("gb18030")) == RARE
    assert without_private(decode(b"\xfe\x9f")) == "䶮"


def test_private_characters_of_old_exports_become_real_ones():
    assert without_private("\ue863\ue816\ue81e") == "䶮\U00020087\u9fb4"
    assert without_private("甲\uf8ff") == "甲\uf8ff"
    every = "".join(map(chr, range(0xE815, 0xE865)))
    assert not any("\ue000" <= character <= "\uf8ff" for character in without_private(every))
    assert len(set(without_private(every))) == 80


def test_a_million_empty_rows_are_passed_over(tmp_path, good):
    empty = b"".join(b'<row r="%d"/>' % line for line in range(3, 1_048_577))
    path = tmp_path / "a.xlsx"
    path.write_bytes(rewritten(good, SHEET, lambda old: old.replace(b"</sheetData>", empty + b"</sheetData>")))
    assert [list(row) for row in open_book(path).sheets[0].rows] == [["户编号", "姓名"], ["1", "张甲"]]


def test_formulas_never_counted_are_empty_cells(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["户编号", "姓名"])
    book.active.append(["1", '=HYPERLINK("http://127.0.0.1","x")'])
    book.save(tmp_path / "a.xlsx")
    assert [list(row) for row in open_book(tmp_path / "a.xlsx").sheets[0].rows][1][0] == "1"
    assert not any("HYPERLINK" in str(cell) for row in open_book(tmp_path / "a.xlsx").sheets[0].rows for cell in row)
