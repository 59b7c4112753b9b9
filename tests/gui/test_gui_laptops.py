"""A laptop's keys are known to others, a township loses its hub: the written paths, walked through the windows."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QScrollArea
from pytestqt.qtbot import QtBot

from tests.gui.townships import NOW, TOWNSHIP, VILLAGES, click, family, let_go, meet, page_of, second_program
from tests.gui.windowed import PASSPHRASE, Answers, settle
from ui import style
from ui.app import Program
from ui.messages import Messages
from villagedesk.demo.play import DemoClock
from villagedesk.desk import Desk, open_desk
from villagedesk.errors import Refused
from villagedesk.hub import Hub, create_hub


@pytest.fixture
def opens(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], None]:
    """Which file the dialog for several files gives."""
    chosen: list[Path] = []
    monkeypatch.setattr(Messages, "open_files", lambda *_: list(chosen))

    def choose(file: Path) -> None:
        chosen[:] = [file]

    return choose


def test_keys_that_others_may_know_are_renewed_and_the_laptop_joins_anew(
    qtbot: QtBot, qapp: Any, office: Program, hub: Hub, desks: list[Desk], tmp_path: Path, answers: Answers,
    opens: Callable[[Path], None],
) -> None:  # fmt: skip
    meet(desks, hub, tmp_path)
    meet(desks, hub, tmp_path)
    desk = desks[0]
    with second_program(qtbot, qapp, tmp_path, "desk") as village:
        village.show_desk(desk)
        click(page_of(village, "exchange"), "Laptops and keys")
        page = village.window.frame.page
        (own,) = desk.laptop_keys.known()
        assert own.fingerprint == hub.laptops.of(VILLAGES[0])[0].fingerprint
        answers.yes = False
        click(page, "New keys for this laptop")
        assert not desk.laptop_keys.given_up
        answers.yes = True
        click(page, "New keys for this laptop")
        assert not page._join.isEnabled()
        with pytest.raises(Refused, match="新密钥"):
            desk.sync.send(tmp_path)
        folder = desk.place.folder
        let_go(village)
        desk.close()
        desks[0] = desk = open_desk(folder, PASSPHRASE, clock=DemoClock(NOW))
        village.show_desk(desk)

        towns = page_of(office, "village", village=VILLAGES[0])
        towns._laptops.selectRow(0)
        answers.line = "口令被人看见"
        click(towns, "Take this laptop out")
        desk.households.save(family("5", "赵五"), "visit")
        assert hub.township.receive([desk.sync.send(tmp_path).path])[0].status == "rejected"  # by the old invitation
        answers.path = tmp_path
        click(towns, "New invitation")

        answers.path, answers.line = tmp_path / f"{VILLAGES[0]}.vdinvite", "办公室电脑"
        click(page_of(village, "laptops"), "Open a new invitation")
        assert village.window.frame.key == "exchange"
        (taken,) = hub.township.receive([desk.sync.send(tmp_path).path])
        assert taken.status == "accepted"
        opens(hub.township.reply(tmp_path, VILLAGES[0])[0].path)
        click(page_of(village, "exchange"), "Open a reply or a file")
        settle(qtbot, village)
        assert (desk.sync.status().unsent, desk.sync.status().enrolled) == (0, True)
        towns.refresh()
        assert [bool(one.taken_out_at) for one in hub.laptops.of(VILLAGES[0])] == [False, True]


def test_a_new_hub_gets_everything_again_by_its_own_invitation(
    qtbot: QtBot, qapp: Any, hub: Hub, desks: list[Desk], tmp_path: Path, answers: Answers,
    opens: Callable[[Path], None],
) -> None:  # fmt: skip
    meet(desks, hub, tmp_path)
    desk = desks[0]
    fresh, _ = create_hub(tmp_path / "fresh", PASSPHRASE, "界集镇", TOWNSHIP, clock=DemoClock(NOW))
    with fresh, second_program(qtbot, qapp, tmp_path, "desk") as village:
        village.show_desk(desk)
        answers.path, answers.line = fresh.township.invite(VILLAGES[0], tmp_path), "办公室电脑"
        click(page_of(village, "laptops"), "Open a new invitation")
        answers.path = tmp_path
        click(page_of(village, "exchange"), "Send to the township")
        settle(qtbot, village)
        (newest,) = fresh.township.receive([max(tmp_path.glob(f"{VILLAGES[0]}*.vdsend"))])
        assert newest.status == "accepted"
        opens(fresh.township.reply(tmp_path)[0].path)
        click(page_of(village, "exchange"), "Open a reply or a file")
        settle(qtbot, village)
        assert desk.sync.status().unsent == 0
        assert fresh.township.villages()[0].totals == hub.township.villages()[0].totals


def test_the_exchange_begins_with_its_first_step_in_large_letters_too(
    qtbot: QtBot, qapp: Any, hub: Hub, desks: list[Desk], tmp_path: Path
) -> None:
    """The table of files lies below; with the focus in it the steps would be out of sight."""
    with second_program(qtbot, qapp, tmp_path, "desk") as village:
        style.apply(qapp, "light", 150)
        for joined in (False, True):
            if joined:
                meet(desks, hub, tmp_path)
            village.show_desk(desks[0])
            page = page_of(village, "exchange")
            settle(qtbot, village)
            assert qapp.focusWidget() is (page._send if joined else page._join)
            assert page.findChildren(QScrollArea)[0].verticalScrollBar().value() == 0
        style.apply(qapp, "light", 100)
