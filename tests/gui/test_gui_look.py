"""The look: contrast measured, one place for colours, icons drawn in the colour asked for, nothing opens a dialog."""

from __future__ import annotations

import ast
import re
from dataclasses import fields
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QStackedWidget
from pytestqt.qtbot import QtBot

from tests.gui.contrast import contrast
from ui import style
from ui.icons import drawing
from ui.keymap import KeyMap
from ui.messages import MessageBar
from ui.page import label, set_tone
from villagedesk import resources
from villagedesk.text import tr

SOURCES = sorted((Path(style.__file__).parent).rglob("*.py"))
TEXTS = ("text", "muted", "accent", "ok", "warn", "problem")
GROUNDS = ("ground", "surface", "raised", "tint")


@pytest.mark.parametrize("look", sorted(style.LOOKS))
def test_every_text_can_be_read_on_every_ground(look: str) -> None:
    tokens, least = style.LOOKS[look], 7.0 if look == "contrast" else 4.5
    pairs = [(text, ground) for text in TEXTS for ground in GROUNDS]
    pairs += [(tone, f"{tone}_ground") for tone in ("ok", "warn", "problem")] + [("on_accent", "accent")]
    pairs += [("text", f"{tone}_ground") for tone in ("ok", "warn", "problem")]
    poor = {
        pair: round(contrast(getattr(tokens, pair[0]), getattr(tokens, pair[1])), 2)
        for pair in pairs
        if contrast(getattr(tokens, pair[0]), getattr(tokens, pair[1])) < least
    }
    assert poor == {}


@pytest.mark.parametrize("look", sorted(style.LOOKS))
def test_edges_signs_and_the_cursor_stand_out(look: str) -> None:
    tokens = style.LOOKS[look]
    pairs = [(part, ground) for part in ("edge", "accent", "ok", "warn", "problem") for ground in GROUNDS[:2]]
    pairs += [("accent", "raised"), ("on_accent", "accent")]
    pairs += [(tone, f"{tone}_ground") for tone in ("ok", "warn", "problem")]
    found = {pair: round(contrast(getattr(tokens, pair[0]), getattr(tokens, pair[1])), 2) for pair in pairs}
    poor = {pair: value for pair, value in found.items() if value < 3}
    assert poor == {}


@pytest.mark.parametrize("size", [12, 14, 28])
def test_the_sheet_is_filled_in(size: int) -> None:
    made = style.sheet(style.LIGHT, size, "x.svg")
    assert "$" not in made
    assert "0px" not in re.findall(r"font-size: (\w+);", made)


def test_colours_stand_in_one_place_only() -> None:
    colours = {value.default for value in fields(style.Tokens)}
    assert colours  # the dataclass has no defaults; a colour literal elsewhere would be one
    found = [
        f"{file.name}: {match}"
        for file in SOURCES
        if file.name != "style.py"
        for match in re.findall(r"[\"']#[0-9a-fA-F]{6}[\"']", file.read_text("utf-8"))
    ]
    assert found == []


def test_every_icon_is_drawn(qtbot: QtBot) -> None:
    for file in resources.path("icons").glob("*.svg"):
        image = drawing(file.stem, "#ff0000", 24).toImage()
        inked = [image.pixelColor(x, y) for x in range(24) for y in range(24) if image.pixelColor(x, y).alpha() > 100]
        assert inked, file.name


def test_every_icon_the_window_names_is_there() -> None:
    named = set()
    for file in SOURCES:
        named |= set(re.findall(r"icon\(\"(\w+)\"", file.read_text("utf-8")))
    assert {name for name in named if not resources.path("icons", f"{name}.svg").is_file()} == set()


def test_only_one_module_opens_dialogs() -> None:
    guilty = []
    for file in SOURCES:
        if file.name == "messages.py":
            continue
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "exec":
                guilty.append((file.name, node.lineno, ast.unparse(node)))
            if isinstance(node, ast.Name) and node.id in {"QMessageBox", "QFileDialog", "QInputDialog"}:
                guilty.append((file.name, node.lineno, node.id))
    assert [entry for entry in guilty if entry[2] != "app.exec()"] == []


def test_a_message_with_a_next_step_waits_and_good_news_goes(qtbot: QtBot) -> None:
    bar = MessageBar()
    qtbot.addWidget(bar)
    done: list[int] = []
    bar.show_message("saved", "ok")
    assert bar._timer.isActive()
    bar.show_message("imported", "ok", "undo", lambda: done.append(1))
    assert not bar._timer.isActive()
    bar._act.click()
    assert (done, bar.isHidden()) == ([1], True)
    bar.show_message("wrong", "problem")
    assert not bar._timer.isActive()


def test_the_key_map_names_its_keys(qtbot: QtBot) -> None:
    sheet = KeyMap()
    qtbot.addWidget(sheet)
    assert sheet.windowTitle() == tr("Keyboard map")


def test_letters_scale_everything(qtbot: QtBot) -> None:
    app = QApplication.instance()
    box = QStackedWidget()
    qtbot.addWidget(box)
    heights = []
    for scale in (100, 150, 200):
        style.apply(app, "light", scale)
        heights.append(style.letters())
    assert heights == [14, 21, 28]
    style.apply(app, "light", 100)


def test_setting_text_thirty_thousand_times_loses_no_reference(qtbot: QtBot) -> None:
    """PySide6 6.12 on Python 3.11 drops a reference of None at every void call and aborts (TECH §5.1)."""
    import sys

    box = QStackedWidget()
    qtbot.addWidget(box)
    before = sys.getrefcount(None)
    for _ in range(30_000):
        box.setWindowTitle("x")
    assert abs(sys.getrefcount(None) - before) < 1_000


def test_a_hint_that_became_a_problem_is_seen_to_be_one(qtbot: QtBot, qapp: QApplication) -> None:
    style.apply(qapp, "light", 200)
    said = label("■■■", "hint")
    qtbot.addWidget(said)
    style.dress(said)
    said.show()

    def inked() -> str:
        picture = said.grab().toImage()
        middle = picture.height() // 2
        row = [picture.pixelColor(x, middle) for x in range(picture.width())]
        return min(row, key=lambda colour: colour.lightness()).name()

    assert inked() == style.LIGHT.muted
    set_tone(said, "problem")
    assert inked() == style.LIGHT.problem
    style.apply(qapp, "light", 100)
