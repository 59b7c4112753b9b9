"""Two laptops changed one field: the papers of both sides are opened and the conflict is decided by the keys alone."""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QPushButton, QRadioButton, QWidget
from pytestqt.qtbot import QtBot

from tests.gui.townships import page_of
from tests.gui.windowed import PASSPHRASE, Answers, clock_of
from ui.app import Program
from villagedesk.demo.village import GeneratedVillage
from villagedesk.desk import Desk, open_desk
from villagedesk.hub import create_hub

TAB, SPACE, DOWN = Qt.Key.Key_Tab, Qt.Key.Key_Space, Qt.Key.Key_Down


def _photo() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (64, 48), "green").save(out, "JPEG")
    return out.getvalue()


@pytest.fixture
def colleague(desk: Desk, prepared: Path, tmp_path: Path, village: GeneratedVillage) -> Iterator[Desk]:
    """Another laptop of the village, which has met this one once and then edited the same fields apart."""
    shutil.copytree(prepared / "desk", tmp_path / "other")
    with open_desk(tmp_path / "other", PASSPHRASE, author="孙梅", clock=clock_of(village)) as other:
        hub, _ = create_hub(tmp_path / "hub", PASSPHRASE, "界集镇", desk.site.village[:9], clock=clock_of(village))
        with hub:
            for each, name in ((desk, "甲"), (other, "乙")):
                each.sync.join(hub.township.invite(desk.site.village, tmp_path), name)
                hub.township.receive([each.sync.send(tmp_path).path])
            reply = hub.township.reply(tmp_path)[0].path
            for each in (desk, other):
                each.sync.receive(reply)
        home = desk.lists.household_ids()[0]
        for each, address, phone in ((desk, "村东", "13900000001"), (other, "村西", "13900000002")):
            each.households.save(replace(each.households.get(home), address=address, phone=phone), "visit")
        desk.papers.print("household_file", [home], "signing day")
        other.evidence.attach(home, "address", _photo(), "门牌照片")
        desk.sync.receive(other.sync.send(tmp_path, to_devices=True).path)
        yield other


class Hands:
    """Keys alone."""

    def __init__(self, qtbot: QtBot, page: QWidget) -> None:
        self._bot, self._page = qtbot, page

    def press(self, key: Qt.Key) -> None:
        self._bot.keyClick(QApplication.focusWidget() or self._page, key)

    def to(self, kind: type[Any], words: str) -> None:
        """Go on with Tab until something with these words has the focus."""
        for _ in range(40):
            here = QApplication.focusWidget()
            if isinstance(here, kind) and words in here.text():
                return
            self.press(TAB)
        raise AssertionError(f"Tab never comes to “{words}”")


def test_both_sides_papers_are_opened_and_the_conflict_decided_by_the_keys(
    qtbot: QtBot, opened: Program, desk: Desk, colleague: Desk, answers: Answers
) -> None:
    opened.window.activateWindow()
    page = page_of(opened, "conflicts")
    address, phone = desk.sync.conflicts()
    assert (address.field, phone.field) == ("address", "phone")
    proofs = desk.conflict_papers.of(address)
    mine, theirs = (proofs[device] for device in (desk.place.store.device, colleague.place.store.device))
    assert [(one.kind, one.author) for one in mine] == [("paper", "李工")]
    assert [(one.title, one.exact, one.author) for one in theirs] == [("门牌照片", True, "孙梅")]

    seen: list[str] = []

    def look(dialog: QDialog) -> bool:
        seen.append(dialog.windowTitle())
        assert not dialog.grab().isNull()
        return False

    answers.dialog = look
    hands = Hands(qtbot, page)
    for title in (mine[0].title, "门牌照片"):
        hands.to(QPushButton, title)
        hands.press(SPACE)
    assert [any(title in each for each in seen) for title in (mine[0].title, "门牌照片")] == [True, True]
    page.setFocus()
    hands.to(QRadioButton, "村")
    if "村西" not in QApplication.focusWidget().text():
        hands.press(DOWN)
    hands.press(SPACE)
    hands.to(QPushButton, "以此为准")
    hands.press(SPACE)
    assert desk.households.get(address.household_id).address == "村西"
    assert [one.field for one in desk.sync.conflicts()] == ["phone"]
    assert isinstance(QApplication.focusWidget(), QRadioButton)  # the keys go on with the next one

    (decision,) = desk.sync.decisions()
    assert (decision.chosen, [one.value for one in decision.lost]) == ("村西", ["村东"])
    assert any("村东" in each.text() for each in page.findChildren(QLabel))
    values = {line.new for line in desk.households.history(address.household_id) if line.field == "address"}
    assert {"村东", "村西"} <= values


def test_the_township_opens_the_same_papers(opened: Program, desk: Desk, colleague: Desk, tmp_path: Path,
                                           village: GeneratedVillage) -> None:  # fmt: skip
    from villagedesk.hub import open_hub

    with open_hub(tmp_path / "hub", PASSPHRASE, clock=clock_of(village)) as hub:
        hub.township.receive([desk.sync.send(tmp_path).path])
        found = next(one for one in hub.township.conflicts() if one.field == "address")
        papers = hub.review.conflict_papers(found.village)
        kinds = {one.kind: papers.read(one) for proofs in papers.of(found).values() for one in proofs}
    assert kinds["paper"].startswith(b"%PDF")
    assert kinds["photo"].startswith(b"\xff\xd8")
