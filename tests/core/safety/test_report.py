"""The problem report says where, never what: no name, number, path or passphrase gets into it."""

from __future__ import annotations

import importlib.util
import re

import pytest

from tests.core.safety.conftest import PASSPHRASE
from tests.factories import make_id_number
from villagedesk.errors import Refused, Unreadable
from villagedesk.services.report import report
from villagedesk.text import Text, say


def _caught(error: Exception, cause: Exception | None = None) -> Exception:
    name = "王建国"  # a local of the frame
    try:
        try:
            if cause is not None:
                raise cause
        except type(cause) as first:
            raise error from first
        assert name
        raise error
    except type(error) as caught:
        return caught


def test_it_names_versions_and_machine(desk):
    said = report()
    assert "VillageDesk " in said
    assert "sqlcipher3 " in said
    assert "Python 3." in said
    assert re.search(r"desk: \d digits of bytes, \d digits of files", report(place=desk.place))


@pytest.mark.parametrize(
    "error",
    [
        ValueError(f"invalid 王建国 {PASSPHRASE}"),
        KeyError("190101197503150012"),
        Unreadable(say("“{name}” cannot be opened. Copy it again.", name="王建国的户口本.xlsx")),
        Refused(say("“{user}” is the only leader. Make another person leader first.", user="王建国")),
    ],
)
def test_it_says_where_and_not_what(error, desk, folder):
    from datetime import date

    secret = [
        "王建国", "户口本", PASSPHRASE, "190101197503150012", make_id_number(date(1975, 3, 15)), str(folder), "沙洲",
    ]  # fmt: skip
    cause = OSError(2, "No such file", f"/home/王建国/{PASSPHRASE}.db")
    said = report(_caught(error, cause), desk.place)
    assert type(error).__qualname__ in said
    assert "test_report.py:" in said
    assert "FileNotFoundError" in said
    for word in secret:
        assert word not in said


def test_the_sentence_stands_there_unfilled():
    error = Unreadable(say("“{name}” cannot be opened. Copy it again.", name="x.xlsx"))
    assert "“{name}” cannot be opened. Copy it again." in report(_caught(error, ValueError("x")))


def test_a_sentence_that_came_with_a_file_is_left_out():
    said = report(_caught(Refused(Text("Text of 王建国, telephone 13800000000")), None))
    assert "Refused" in said
    assert "王建国" not in said
    assert "13800000000" not in said


def test_code_that_lies_in_somebodys_folder_is_not_named(tmp_path):
    mine = tmp_path / "王建国的工具" / "刘雅琴.py"
    mine.parent.mkdir()
    mine.write_text("def 赵六():\n    raise ValueError('13800000000')\n", "utf-8")
    spec = importlib.util.spec_from_file_location("tool", mine)
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    try:
        tool.赵六()
    except ValueError as error:
        said = report(error)
    assert "(elsewhere)" in said
    assert not re.search(r"王建国|刘雅琴|赵六|1380000|/tmp|\\\\", said)


def test_a_desk_in_a_folder_with_a_name_and_files_named_after_people(desk, folder):
    (folder / "王建国的身份证190101197503150012.jpg").write_bytes(b"x")
    said = report(_caught(PermissionError(13, "denied", str(folder / "王建国")), None), desk.place)
    assert not re.search(r"王建国|190101|denied", said)
    assert str(folder) not in said


def test_errors_that_name_each_other_come_to_an_end():
    one, two = ValueError("1"), KeyError("2")
    one.__cause__, two.__cause__ = two, one
    assert report(one).count("builtins.ValueError") == 1
