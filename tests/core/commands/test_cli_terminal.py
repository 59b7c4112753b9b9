"""A terminal, or a file in its place, that cannot show Chinese stops no command: Windows knows one old code page."""

from __future__ import annotations

import io
import sys

import pytest

from villagedesk.cli import main


@pytest.mark.parametrize("page", ["ascii", "cp1252", "gbk"])
def test_results_and_messages_come_through_a_code_page_that_lacks_the_words(monkeypatch, page):
    out, err = io.BytesIO(), io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(out, encoding=page, write_through=True))
    monkeypatch.setattr(sys, "stderr", io.TextIOWrapper(err, encoding=page, write_through=True))
    assert main(["--help"]) == 0
    assert b"villagedesk" in out.getvalue()
    assert main(["\U0002348d.txt"]) == 3
    assert b"?.txt" in err.getvalue()
    assert b"UnicodeEncodeError" not in err.getvalue()
