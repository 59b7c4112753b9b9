"""The problem report says where, never what: no name, number, path or passphrase gets into it."""

from __future__ import annotations

import re

import pytest

from tests.core.safety.conftest import PASSPHRASE
from tests.factories import make_id_number
from villagedesk.errors import Refused, Unreadable
from villagedesk.services.report import report
from villagedesk.text import say


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


def test_errors_that_name_each_other_come_to_an_end():
    one, two = ValueError("1"), KeyError("2")
    one.__cause__, two.__cause__ = two, one
    assert report(one).count("builtins.ValueError") == 1
