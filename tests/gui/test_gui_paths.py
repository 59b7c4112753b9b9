"""The written paths of laptops, teams and counties, walked through the windows from the first click to the last."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from tests.gui.townships import NOW, TOWNSHIP, VILLAGES, click, family, let_go, meet, page_of, second_program
from tests.gui.windowed import PASSPHRASE, Answers, settle
from ui.app import Program
from ui.messages import Messages
from villagedesk.demo.play import DemoClock
from villagedesk.desk import Desk, open_desk
from villagedesk.hub import Hub, create_hub


@pytest.fixture
def picks(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], None]:
    """Which folder is chosen, where a file is asked for before it."""
    chosen: list[Path] = []
    monkeypatch.setattr(Messages, "pick_folder", lambda *_: chosen[-1])
    return chosen.append


@contextmanager
def shown(qtbot: QtBot, qapp: Any, folder: Path, desk: Desk, name: str) -> Iterator[Program]:
    with second_program(qtbot, qapp, folder, name) as program:
        program.show_desk(desk)
        yield program


def newest(folder: Path, pattern: str) -> Path:
    return max(folder.glob(pattern), key=lambda file: file.stat().st_mtime_ns)


def sends(qtbot: QtBot, program: Program, folder: Path) -> Path:
    """Send to the township by a click; the file."""
    before = set(folder.glob("*.vdsend"))
    click(page_of(program, "exchange"), "Send to the township")
    settle(qtbot, program)
    (written,) = set(folder.glob("*.vdsend")) - before
    return written


def test_a_laptop_is_exchanged_by_its_backup_and_the_lost_one_is_taken_out(
    qtbot: QtBot, qapp: Any, office: Program, hub: Hub, desks: list[Desk], tmp_path: Path, answers: Answers,
    opens: Callable[..., None], picks: Callable[[Path], None],
) -> None:  # fmt: skip
    old, stick = desks[0], tmp_path / "stick"
    stick.mkdir()
    picks(stick)
    meet([old], hub, stick)
    with shown(qtbot, qapp, tmp_path, old, "old") as program:
        page_of(program, "backups")._on_stick()
        settle(qtbot, program)
        old.households.save(family("2", "赵二"), "visit")
        hub.township.receive([sends(qtbot, program, stick)])  # typed after the backup; then the laptop is lost

    with second_program(qtbot, qapp, tmp_path, "new") as fresh:
        fresh.entrance.show_welcome()
        answers.path, answers.line = newest(stick, "*.vdbackup"), PASSPHRASE
        picks(tmp_path / "rescued")
        fresh.window.front.way_chosen.emit("restore")
        settle(qtbot, fresh)
        folder = fresh.window.front._folder
        restored = open_desk(folder, PASSPHRASE, author="李工", clock=DemoClock(NOW))
        fresh.show_desk(restored)
        assert restored.site.store.device != old.site.store.device
        assert restored.lists.count() == 1
        picks(stick)
        restored.households.save(family("3", "钱三"), "visit")
        opens(sends(qtbot, fresh, stick))
        click(page_of(office, "villages"), "Take files in")
        settle(qtbot, office)
        assert office.window._bar.property("tone") == "ok"
        opens(hub.township.reply(stick, VILLAGES[0])[0].path)
        click(page_of(fresh, "exchange"), "Open a reply or a file")
        settle(qtbot, fresh)
        assert restored.lists.count() == 3  # what was typed after the backup comes back from the township
        assert hub.township.villages()[0].totals["households"] == 3

        answers.yes = True
        click(page_of(fresh, "laptops"), "New keys for this laptop")
        fresh.lock()
        restored = open_desk(folder, PASSPHRASE, author="李工", clock=DemoClock(NOW))
        fresh.show_desk(restored)
        village = page_of(office, "village", village=VILLAGES[0])
        village._laptops.selectRow(0)
        answers.line = "丢了"
        click(village, "Take this laptop out")
        assert "密钥相同" in answers.asked[-1]  # the one restored from it goes with it
        click(village, "New invitation")
        answers.path, answers.line = stick / f"{VILLAGES[0]}.vdinvite", "新电脑"
        click(page_of(fresh, "laptops"), "Open a new invitation")
        assert page_of(fresh, "laptops").laptops.row(0).fingerprint != old.laptop_keys.known()[0].fingerprint
        restored.households.save(family("4", "孙四"), "visit")
        opens(sends(qtbot, fresh, stick))
        click(page_of(office, "villages"), "Take files in")
        settle(qtbot, office)
        assert hub.township.villages()[0].totals["households"] == 4
        opens(old.sync.send(stick).path)
        click(page_of(office, "villages"), "Take files in")
        settle(qtbot, office)
        assert "停用（丢了）" in office.window._bar.text
        counting = [one.name for one in hub.laptops.of(VILLAGES[0]) if not one.taken_out_at]
        assert counting == ["新电脑"]
        fingerprints = {one.fingerprint for one in hub.laptops.of(VILLAGES[0]) if not one.taken_out_at}
        assert fingerprints == {restored.laptop_keys.known()[0].fingerprint}  # the digits of both sides
        fresh.lock()


def test_a_team_changes_the_new_ones_come_in_and_the_old_ones_do_not(
    qtbot: QtBot, qapp: Any, desks: list[Desk], tmp_path: Path, answers: Answers
) -> None:
    desk = desks[0]
    folder = desk.place.folder
    desk.users.add("李工", "leader", PASSPHRASE + " 2") if "李工" not in [
        one.name for one in desk.users.all()
    ] else None
    with shown(qtbot, qapp, tmp_path, desk, "desk") as program:
        page = page_of(program, "people")
        page._name.setText("王新")
        page._role.show_value("leader")
        for line in (page._secret, page._again):
            line.setText("a new team has come")
        click(page, "Let this person in")
        assert {"王新"} <= {one.name for one in desk.users.all()}
        let_go(program)
        desk.close()
        program.entrance.unlock(folder, "王新", "a new team has come")
        settle(qtbot, program)
        assert program.desk is not None
        program.desk.households.save(family("5", "赵五"), "visit")
        page = page_of(program, "people")
        names = [page.people.row(n).name for n in range(page.people.rowCount())]
        page.table.selectRow(next(n for n, name in enumerate(names) if name != "王新"))
        gone, answers.yes = next(name for name in names if name != "王新"), True
        click(page, "Let in no more")
        home = program.desk.households.by_no("5")
        assert {line.author for line in program.desk.households.history(home.id)} == {"王新"}
        first = program.desk.households.by_no("1")
        assert {line.author for line in program.desk.households.history(first.id)} == {
            "李工"
        }  # changes keep their names
        program.lock()
        program.entrance.unlock(folder, gone, PASSPHRASE)
        settle(qtbot, program)
        assert program.desk is None
        assert "口令" in program.window.front._said.text()


def test_a_county_receives_a_township_by_clicks_and_its_answer_comes_back(
    qtbot: QtBot, qapp: Any, office: Program, hub: Hub, desks: list[Desk], tmp_path: Path, answers: Answers,
    opens: Callable[..., None],
) -> None:  # fmt: skip
    stick = tmp_path / "stick"
    stick.mkdir()
    meet(desks, hub, stick)
    county, _ = create_hub(tmp_path / "county", PASSPHRASE, "泗洪县", "321324000", clock=DemoClock(NOW))
    with county, second_program(qtbot, qapp, tmp_path, "county") as above:
        above.show_hub(county)
        answers.path, answers.line = stick, TOWNSHIP
        click(page_of(above, "villages"), "Invite a township")
        answers.path = stick / f"{TOWNSHIP}000.vdinvite"
        settings = page_of(office, "hub")
        click(settings, "Open the county's invitation")
        assert county.township.key.fingerprint in settings._county.text()  # the digits of both sides
        assert page_of(above, "hub")._digits.text() == county.township.key.fingerprint
        answers.path = stick
        click(page_of(office, "hub"), "Send to the county")
        settle(qtbot, office)
        assert "可以拔下" in office.window._bar.text
        opens(newest(stick, f"{TOWNSHIP}000-*.vdsend"))
        click(page_of(above, "villages"), "Take files in")
        settle(qtbot, above)
        (row,) = county.township.villages()
        assert (row.totals["households"], dict(row.difference)) == (2, {})
        across = page_of(above, "across")
        assert [across.figures.row(n).name for n in range(across.figures.rowCount())] == ["东村", "西村"]
        report = page_of(above, "report")
        settle(qtbot, above)
        assert report.view.pdf.startswith(b"%PDF")
        click(page_of(above, "villages"), "Write the replies")
        settle(qtbot, above)
        answers.path = newest(stick, f"{TOWNSHIP}000-*.vdreply")
        click(page_of(office, "hub"), "Open the county's reply")
        settle(qtbot, office)
        assert hub.upward.status().unsent == 0
        assert "0" in page_of(office, "hub")._county.text()
        answers.path = tmp_path / "again"
        answers.path.mkdir()
        answers.yes = False  # the county has lost it; but this is not the stick of last time
        click(page_of(office, "hub"), "Send everything once more")
        assert list(answers.path.iterdir()) == []
        assert "这不是上次用的U盘。" in answers.asked
        answers.yes = True
        click(page_of(office, "hub"), "Send everything once more")
        settle(qtbot, office)
        (again,) = answers.path.glob("*.vdsend")
        assert county.township.receive([again])[0].status == "repeated"
        assert "，0 处" not in office.window._bar.text
        above.lock()
