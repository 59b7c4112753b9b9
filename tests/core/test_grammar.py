"""A data file that the parser stumbles over is told in the user's words: line, key, what to do."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from villagedesk import text
from villagedesk.documents.papers import read_paper
from villagedesk.errors import Unreadable
from villagedesk.exchange.shapes import read_toml
from villagedesk.grammar import mistake_in
from villagedesk.policy.shape import Faults, parsed

BROKEN = {
    "a = [1, 2": (1, "a", "a bracket at the end is missing"),
    'a = 1\n[t]\nb = "x\n': (3, "t.b", "quotation marks"),
    'a = 1\n\n[t]\nb = "x': (4, "t.b", "a quotation mark at the end is missing"),
    "[t]\n[t]": (2, "t", "stands twice"),
    "[t]\na = 1\na = 2": (3, "t.a", "stands twice"),
    "a = 2018年": (1, "a", "something stands behind the value"),
    "a = ": (1, "a", "there is no value"),
    "a = tru": (1, "a", "there is no value"),
    '"""abc': (1, "", "a = is missing"),
    'a = "\\q"': (1, "a", "written twice"),
    "汉 = 1": (1, "汉", "quotation marks, brackets and commas"),
    "": (1, "", "cannot be read"),
}


@pytest.mark.parametrize("broken", BROKEN)
def test_the_line_the_key_and_the_remedy_are_named(broken: str) -> None:
    line, key, reason = BROKEN[broken]
    try:
        tomllib.loads(broken)
        error: Exception = ValueError("whatever a later parser says")
    except tomllib.TOMLDecodeError as found:
        error = found
    mistake = mistake_in(broken, error)
    assert (mistake.line, mistake.key) == (line, key)
    assert reason in mistake.reason.render("en") or key == "t.b"


@pytest.mark.parametrize("broken", [each for each in BROKEN if each])
def test_no_word_of_the_parser_reaches_a_chinese_reader(broken: str, tmp_path: Path) -> None:
    file = tmp_path / "x.toml"
    file.write_text(broken, "utf-8")
    assert text.language() == "zh_CN"
    for read in (read_toml, read_paper, lambda file: parsed(file, Faults(file.name))):
        with pytest.raises(Unreadable) as refusal:
            read(file)
        said = str(refusal.value)
        assert "x.toml" in said
        assert "第" in said or "行" in said
        for word in ("Expected", "Invalid", "Cannot", "Unclosed", "Unterminated", "column", "document", "TOML"):
            assert word not in said, said
