"""A township and two desks, driven through the windows: invitation, files, answers, replies; every page of a hub."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QLineEdit, QRadioButton, QTableView, QWidget
from pytestqt.qtbot import QtBot

from tests.gui.townships import TOWNSHIP, VILLAGES, click, family, meet, page_of, second_program
from tests.gui.windowed import PASSPHRASE, Answers, settle
from tests.reported import bear_out
from ui.app import Program
from ui.events.words import event_lines
from ui.messages import Messages
from ui.settings.scheme import SchemeDialog
from ui.township.pages import HUB
from ui.township.setup import HubWizard
from ui.welcome.unlock import UnlockPage
from villagedesk import divisions, text
from villagedesk.desk import Desk
from villagedesk.hub import Hub
from villagedesk.policy.own_scheme import decided
from villagedesk.policy.profile import load_profile
from villagedesk.services.event_course import Occasion
from villagedesk.services.moving import Moves


def test_two_desks_and_a_hub_go_once_round_through_their_windows(
    qtbot: QtBot, qapp: Any, office: Program, hub: Hub, desks: list[Desk], tmp_path: Path, answers: Answers,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    stick = tmp_path / "stick"
    stick.mkdir()
    answers.path = stick
    chosen: list[Path] = []
    monkeypatch.setattr(Messages, "open_files", lambda *_: list(chosen))
    page = page_of(office, "villages")
    for code in VILLAGES:
        answers.line = code
        click(page, "Invite a village")
    assert page.model.rowCount() == 2
    with second_program(qtbot, qapp, tmp_path, "desk") as village:
        for desk, code in zip(desks, VILLAGES, strict=True):
            village.show_desk(desk)
            answers.path, answers.line = stick / f"{code}.vdinvite", "办公室电脑"
            exchange = page_of(village, "exchange")
            click(exchange, "Open the township's invitation")
            answers.path = stick
            click(exchange, "Send to the township")
            settle(qtbot, village)
        desks[0].households.save(family("2", "赵二"), "visit")
        assert desks[0].sync.status().edited_since == 1
        chosen[:] = sorted(stick.glob("*.vdsend"))
        click(page, "Take files in")
        settle(qtbot, office)
        rows = hub.township.villages()
        assert [(row.name, row.totals["households"], dict(row.difference)) for row in rows] == [
            ("东村", 1, {}),
            ("西村", 1, {}),
        ]
        click(page, "Write the replies")
        settle(qtbot, office)
        for desk in desks:
            village.show_desk(desk)
            chosen[:] = [file for file in stick.glob("*.vdreply") if file.name.startswith(desk.site.village)]
            exchange = page_of(village, "exchange")
            click(exchange, "Open a reply or a file")
            settle(qtbot, village)
            assert [verdict.status for verdict in desk.sync.status().verdicts] == ["accepted"]
        assert [desk.sync.status().unsent for desk in desks] == [1, 0]


def test_the_township_edits_a_way_of_signing_and_the_village_gets_it_by_the_reply(
    office: Program, hub: Hub, desks: list[Desk], tmp_path: Path, answers: Answers
) -> None:
    meet(desks, hub, tmp_path)
    page = page_of(office, "village", village=VILLAGES[0])
    tab = page.scheme

    def edit(dialog: SchemeDialog) -> bool:
        assert not dialog._fix.isEnabled()  # it has no name yet
        dialog.title.edited.emit("界集四签字")
        dialog._on_out("signers", 2)
        assert not dialog._fix.isEnabled()  # one item too many for a diagonal
        dialog._on_out("items", 2)
        return bool(dialog._fix.isEnabled())

    answers.dialog, answers.line = edit, ""
    tab._on_edit()
    assert hub.review.profile(VILLAGES[0]).signoff.preset == "A"  # nobody said by which letter
    answers.line = "界政发〔2026〕3号"
    tab._on_edit()
    fixed = hub.review.profile(VILLAGES[0]).signoff
    assert fixed.preset == "own1"
    assert [choice.text().partition("：")[0] for choice in tab._choices.buttons() if choice.isChecked()] == [
        "界集四签字"
    ]
    assert desks[0].village.scheme == ""
    meet(desks, hub, tmp_path)
    assert [desk.village.scheme for desk in desks] == ["own1", ""]
    profile = load_profile(desks[0].village.profile, settled=decided(desks[0].village))
    assert len(profile.signoff.presets["own1"].roles) == len(profile.signoff.presets["own1"].items) == 4


def test_reported_exits_are_answered_and_sent_back(
    office: Program, hub: Hub, desks: list[Desk], tmp_path: Path, answers: Answers
) -> None:
    for desk in desks:
        with desk.site.store.work("test", "test") as work:
            home = desk.households.all()[0]
            for attempt in ("a", "b"):
                case = f"{attempt}{desk.site.village}"
                values = {"state": "reported", "year": 2026, "attempt": ord(attempt)}
                work.put("exit", desk.site.village, {"household_id": home.id, **values}, case)
                bear_out(work, desk.site.village, desk.profile, home, case, date(2026, 2, 2))
    meet(desks, hub, tmp_path)
    page = page_of(office, "reported")
    assert page.model.rowCount() == 4
    page.table.selectAll()
    click(page, "Answer those chosen")
    assert office.window._bar.property("tone") == "warn"  # no number yet
    page.number.show_value("界政发〔2026〕7号")
    page.day.show_value(date(2026, 3, 1))
    click(page, "Answer those chosen")
    page.table.selectRow(0)
    answers.line = "收入表缺签字"
    click(page, "Send those chosen back with a comment")
    assert page.model.rowCount() == 3
    meet(desks, hub, tmp_path)
    states = [desk.exits.get(f"a{desk.site.village}").state for desk in desks]
    replies = [desk.exits.get(f"b{desk.site.village}").township_reply for desk in desks]
    assert states == ["returned", "reported"]
    assert replies == ["界政发〔2026〕7号"] * 2


def test_a_household_moves_and_a_lost_laptop_goes(
    office: Program, hub: Hub, desks: list[Desk], tmp_path: Path, answers: Answers
) -> None:
    meet(desks, hub, tmp_path)
    files = page_of(office, "files")
    assert files.model.rowCount() == 2
    files._village.setCurrentIndex(1)
    assert files.model.rowCount() == 1
    files.table.opened.emit(files.model.row(0))
    page = office.window.frame.page
    assert page.members.rowCount() == 2
    click(page, "Move the household")
    assert office.window._bar.property("tone") == "warn"
    page.no.show_value("9")
    page.day.show_value(date(2026, 3, 1))
    click(page, "Move the household")
    assert office.window.frame.key == "files"
    meet(desks, hub, tmp_path)
    assert [desk.lists.count() for desk in desks] == [0, 2]
    village = page_of(office, "village", village=VILLAGES[0])
    village._laptops.selectRow(0)
    answers.line = "丢了"
    click(village, "Take this laptop out")
    assert hub.laptops.of(VILLAGES[0])[0].reason == "丢了"
    assert hub.township.receive([desks[0].sync.send(tmp_path).path])[0].status == "rejected"
    village.refresh()
    assert village.files.row(0).verdict.status == "rejected"


@pytest.mark.parametrize("forgotten", ["_arrive", "_leave"])
def test_a_move_of_which_one_half_is_forgotten_is_shown_and_completed(
    office: Program, hub: Hub, desks: list[Desk], tmp_path: Path, forgotten: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    meet(desks, hub, tmp_path)
    villages = page_of(office, "villages")
    assert not villages._astray.isVisibleTo(villages)
    assert page_of(office, "moves")._body.currentIndex() == 0
    home = desks[0].lists.household_ids()[0]
    household = hub.review.household(home)
    with monkeypatch.context() as patched:
        patched.setattr(Moves, forgotten, lambda *_: (None, household))
        hub.moves.move(home, VILLAGES[0], VILLAGES[1], "9", Occasion(date(2026, 2, 20)))
    villages = page_of(office, "villages")
    assert villages._astray.isVisibleTo(villages)
    villages._astray.click()
    page = office.window.frame.page
    said = " ".join(one.text() for one in page.findChildren(QLabel))
    names = hub.review.names()
    assert all(word in said for word in (*names.values(), household.head.name, "2026-02-20"))
    field = page.fields[home]
    field.editor.show_value(None)
    click(page, "Complete the move")
    assert field.problem
    wrong, right = ("1", "9") if forgotten == "_arrive" else (date(2999, 1, 1), date(2026, 2, 20))
    field.editor.show_value(wrong)  # another household's number; a day that lies ahead
    click(page, "Complete the move")
    assert field.problem
    field.editor.show_value(right)
    click(page, "Complete the move")
    assert page._body.currentIndex() == 0
    meet(desks, hub, tmp_path)
    assert [desk.lists.count() for desk in desks] == [0, 2]
    (line,) = event_lines(desks[0], desks[0].events.of_household(home))
    assert line.households == f"1 → {divisions.village(VILLAGES[1]).short_name} 9"


def test_one_person_in_two_villages_is_decided_in_the_window(
    office: Program, hub: Hub, desks: list[Desk], tmp_path: Path, answers: Answers
) -> None:
    number = "000000197001010016"
    for desk, no in zip(desks, "78", strict=True):
        home = family(no, "孙三")
        wife = replace(home.members[1], name="周四", id_number=number)
        desk.households.save(replace(home, members=(home.members[0], wife)), "visit")
    meet(desks, hub, tmp_path)
    page = page_of(office, "duplicates")
    cases = len(hub.acts.duplicates())
    click(page, "One person, who stays where I ticked")
    assert office.window._bar.property("tone") == "warn"
    page.findChildren(QRadioButton)[0].setChecked(True)
    answers.line = "问过两个村"
    click(page, "One person, who stays where I ticked")
    assert len(hub.acts.duplicates()) == cases - 1
    click(page._body.currentWidget(), "Two different people")
    assert len(hub.acts.duplicates()) == cases - 2


def test_a_list_of_another_office_reaches_the_desk_s_page(
    qtbot: QtBot, qapp: Any, office: Program, hub: Hub, desks: list[Desk], tmp_path: Path, answers: Answers
) -> None:
    number = "000000197001010016"
    desks[0].households.save(family("3", "钱五", number), "visit")
    meet(desks, hub, tmp_path)
    answers.path = tmp_path / "deaths.csv"
    answers.path.write_text(f"姓名,身份证号码\n钱五,{number}\n", "utf-8")
    page = page_of(office, "lists")
    page._on_open("death")
    settle(qtbot, office)
    assert page.model.rowCount() == 1
    meet(desks, hub, tmp_path)
    with second_program(qtbot, qapp, tmp_path, "desk") as village:
        village.show_desk(desks[0])
        shown = page_of(village, "from-township")
        assert shown.model.rowCount() == 1
        assert shown.model.row(0).member.name == "钱五"
        assert not shown.model.row(0).here


def test_a_village_holds_a_list_against_its_own_files(
    qtbot: QtBot, qapp: Any, desks: list[Desk], tmp_path: Path, answers: Answers
) -> None:
    number = "000000197001010016"
    desks[0].households.save(family("3", "钱五", number), "visit")
    answers.path = tmp_path / "dibao.csv"
    answers.path.write_text(f"姓名,身份证号码\n钱五,{number}\n", "utf-8")
    with second_program(qtbot, qapp, tmp_path, "desk") as village:
        village.show_desk(desks[0])
        page = page_of(village, "from-township")
        page._on_open("dibao")
        settle(qtbot, village)
        rows = [page.model.row(number) for number in range(page.model.rowCount())]
        assert ("dibao", True, True, "钱五") in [(row.kind, row.on_list, row.here, row.member.name) for row in rows]
        home = next(row.household for row in rows if row.member.name == "钱五")
        members = tuple(replace(each, dibao=True) for each in home.members)
        desks[0].households.save(replace(home, members=members), "mended")
        page.show_place()
        assert "钱五" not in [page.model.row(n).member.name for n in range(page.model.rowCount())]


@pytest.mark.parametrize("language", text.LANGUAGES)
@pytest.mark.parametrize("full", [True, False])
def test_every_page_of_a_hub_opens_and_every_control_has_a_name(
    qtbot: QtBot, office: Program, hub: Hub, desks: list[Desk], tmp_path: Path, language: str, full: bool
) -> None:
    text.use(language)
    if full:
        meet(desks, hub, tmp_path)
    office.show_hub(hub)
    ids = hub.review.household_ids()
    nameless = []
    for kind in HUB.pages:
        page = page_of(office, kind.key, **({"household_id": ids[0]} if kind.key == "file" and ids else {}),
                     **({"village": VILLAGES[0]} if kind.key == "village" else {}))  # fmt: skip
        settle(qtbot, office)
        QApplication.processEvents()
        assert not office.window.grab().isNull()
        for control in page.findChildren(QWidget):
            if isinstance(control, QLineEdit | QComboBox | QTableView) and not _inner(control):
                nameless += [] if control.accessibleName() else [(kind.key, control)]
    assert nameless == []


def _inner(control: QWidget) -> bool:
    """Parts of Qt's own controls."""
    return isinstance(control.parent(), QComboBox) or control.objectName().startswith("qt_")


def test_a_township_sets_up_its_hub_and_opens_it_again(
    qtbot: QtBot, program: Program, tmp_path: Path, answers: Answers
) -> None:
    program.window.front.way_chosen.emit("hub")
    wizard = program.window.front
    assert isinstance(wizard, HubWizard)
    wizard.township.words.show_value("泗洪 界集")
    wizard.township._on_look()
    qtbot.waitUntil(lambda: wizard.township._list.count() > 0, timeout=10_000)
    wizard.township._list.setCurrentRow(0)
    assert wizard.township.code.value() == TOWNSHIP
    wizard.next.click()
    secret = wizard.secret
    secret._author.setText("张办")
    secret._folder.setText(str(tmp_path / "汇总端"))
    qtbot.keyClicks(secret._first, PASSPHRASE)
    qtbot.keyClicks(secret._second, PASSPHRASE)
    wizard.next.click()
    settle(qtbot, program)
    answers.path = tmp_path / "recovery.pdf"
    wizard.recovery.save_wanted.emit()
    assert answers.path.read_bytes().startswith(b"%PDF")
    wizard.recovery._done.setChecked(True)
    wizard.next.click()
    assert program.hub is not None
    assert program.window.frame.key == "villages"
    program.lock()
    assert program.hub is None
    assert isinstance(program.window.front, UnlockPage)
    program.entrance.unlock(tmp_path / "汇总端", "", PASSPHRASE)
    settle(qtbot, program)
    assert program.hub is not None
    assert program.hub.township.code == TOWNSHIP


def test_checking_a_village_tells_how_far_it_is_and_can_be_stopped(
    qtbot: QtBot, office: Program, hub: Hub, desks: list[Desk], tmp_path: Path
) -> None:
    for no in range(2, 30):
        desks[0].households.save(family(str(no), f"户{no}"), "visit")
    meet(desks, hub, tmp_path)
    page = page_of(office, "village", village=VILLAGES[0])
    told: list[tuple[int, int]] = []
    office.jobs.started.connect(lambda job: job.progressed.connect(lambda done, total: told.append((done, total))))
    page.tabs.setCurrentIndex(2)
    settle(qtbot, office)
    found = page.findings.rowCount()
    assert found
    assert told[-1][1] >= 29  # households
    office.jobs.started.connect(lambda job: job.cancel())
    page.refresh()
    settle(qtbot, office)
    assert page.findings.rowCount() == 0
    assert page._found.text() == text.tr("Not checked to the end. Open this tab anew to check.")
    page._on_findings("another", hub.review.findings(VILLAGES[0]))  # of the village that was left meanwhile
    assert page.findings.rowCount() == 0


def test_a_reply_that_is_stopped_leaves_nothing_on_the_stick(
    qtbot: QtBot, office: Program, hub: Hub, desks: list[Desk], tmp_path: Path, answers: Answers
) -> None:
    meet(desks, hub, tmp_path)
    answers.path = tmp_path / "another"
    answers.path.mkdir()
    page = page_of(office, "village", village=VILLAGES[0])
    stopping = office.jobs.started.connect(lambda job: job.cancel())
    click(page, "Write the reply")
    settle(qtbot, office)
    assert list(answers.path.iterdir()) == []
    office.jobs.started.disconnect(stopping)
    click(page, "Write the reply")
    settle(qtbot, office)
    (reply,) = answers.path.iterdir()
    assert desks[0].sync.receive(reply).receipt is not None
