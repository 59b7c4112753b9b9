"""Small rosters of generated people, written as the tests need them."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from io import BytesIO, StringIO
from pathlib import Path

import openpyxl
import pytest
from stdnum.cn import ric

from villagedesk import text
from villagedesk.exchange.fields import FieldDictionary, load_fields
from villagedesk.exchange.mapping import ColumnMapping
from villagedesk.exchange.roster import Roster, read_roster
from villagedesk.policy.codes import CodeBook, load_codes

COLUMNS = (
    "户编号",
    "人编号",
    "姓名",
    "证件号码",
    "人数",
    "与户主关系",
    "民族",
    "健康状况",
    "劳动技能",
    "饮水安全",
    "联系电话",
)


def number(birth: str, sequence: int) -> str:
    """An ID number of nobody: no county has the code 000000."""
    body = f"000000{birth}{sequence:03d}"
    return body + ric.calc_check_digit(f"{body}0")


def person(no: str, place: int, **changes: object) -> dict[str, object]:
    row: dict[str, object] = {
        "户编号": no,
        "人编号": f"{no}{place:02d}",
        "姓名": f"张{'甲乙丙丁戊己'[place % 6]}",
        "证件号码": number("19700101", int(no[-2:]) * 10 + place),
        "人数": "2",
        "与户主关系": "户主" if place == 0 else "配偶",
        "民族": "汉族",
        "健康状况": "健康",
        "劳动技能": "普通劳动力",
        "饮水安全": "是",
        "联系电话": "13900000000",
    }
    return row | changes


def village() -> list[dict[str, object]]:
    """Two households of two."""
    return [person(no, place) for no in ("320000000001", "320000000002") for place in (0, 1)]


def table(people: Sequence[dict[str, object]], columns: Sequence[str] | None = None) -> list[list[object]]:
    headings = list(columns or dict.fromkeys(key for row in people for key in row))
    return [headings, *[[row.get(heading, "") for heading in headings] for row in people]]


def xlsx(rows: Sequence[Sequence[object]]) -> bytes:
    book = openpyxl.Workbook()
    for line, row in enumerate(rows, 1):
        for column, value in enumerate(row, 1):
            if value not in ("", None):
                cell = book.active.cell(line, column)
                cell.value = value
                if isinstance(value, str):
                    cell.data_type = "s"
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def text_table(rows: Sequence[Sequence[object]], delimiter: str = ",") -> str:
    stream = StringIO()
    csv.writer(stream, delimiter=delimiter).writerows(rows)
    return stream.getvalue()


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text, "_language", "en")


@pytest.fixture(scope="session")
def fields() -> FieldDictionary:
    return load_fields()


@pytest.fixture(scope="session")
def codes() -> CodeBook:
    return load_codes()


@pytest.fixture
def read(tmp_path: Path, fields: FieldDictionary, codes: CodeBook) -> Callable[..., Roster]:
    """Read rows (as a workbook) or bytes (as a file of that name)."""

    def _read(
        content: bytes | Sequence[Sequence[object]], name: str = "roster.xlsx", mapping: ColumnMapping | None = None
    ) -> Roster:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else xlsx(content))
        return read_roster(path, fields, codes, mapping, year=2020)

    return _read


@pytest.fixture
def people() -> Callable[..., dict[str, object]]:
    return person


@pytest.fixture
def two_households() -> list[dict[str, object]]:
    return village()


@pytest.fixture
def as_table() -> Callable[..., list[list[object]]]:
    return table


@pytest.fixture
def as_xlsx() -> Callable[..., bytes]:
    return xlsx


@pytest.fixture
def as_text() -> Callable[..., str]:
    return text_table


@pytest.fixture
def id_number() -> Callable[[str, int], str]:
    return number
