"""Backups, people, locks and the proof, through the window."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import load_workbook
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.gui.windowed import PASSPHRASE, Answers, clock_of, settle
from ui import doors
from ui.app import Program
from ui.autolock import AutoLock
from ui.lockscreen import LockScreen
from ui.remembered import Remembered
from ui.safety.audit import AuditPage
from ui.safety.backups import BackupsPage
from ui.safety.people import PeoplePage
from ui.safety.privacy import PrivacyPage
from ui.settings.page import SettingsPage
from villagedesk.desk import Desk, open_desk
from villagedesk.services.backups import backup
from villagedesk.store import lock
from villagedesk.store.wraps import Cost


def _page(program: Program, key: str, kind: type):
    program.window.go(key)
    page = program.window.frame.page
    assert isinstance(page, kind)
    return page


# Backups -------------------------------------------------------------------------------------------------------------


def test_a_backup_goes_onto_the_stick(qtbot: QtBot, opened: Program, answers: Answers, tmp_path: Path) -> None:
    answers.path = tmp_path
    _page(opened, "backups", BackupsPage)._on_stick()
    settle(qtbot, opened)
    assert list(tmp_path.glob("*.vdbackup"))


def test_the_second_place_is_chosen_and_filled(
    qtbot: QtBot, opened: Program, desk: Desk, answers: Answers, tmp_path: Path
) -> None:
    page = _page(opened, "backups", BackupsPage)
    answers.path = tmp_path / "second"
    page._on_choose()
    page._every.setCurrentIndex(0)
    page._on_plan()
    assert (desk.safekeeping.plan().every_minutes, desk.safekeeping.plan().folder) == (30, str(tmp_path / "second"))
    page._on_now()
    settle(qtbot, opened)
    assert page.kept.rowCount() == 1


def test_what_a_backup_lacks_is_told_and_what_it_has_is_taken_over(
    qtbot: QtBot, opened: Program, desk: Desk, answers: Answers, tmp_path: Path, village
) -> None:
    from villagedesk.desk import open_desk
    from villagedesk.services.backups import restore

    early = backup(desk.place, tmp_path / "early.vdbackup")
    restore(early, tmp_path / "other", PASSPHRASE, village_now(village))
    with open_desk(tmp_path / "other", PASSPHRASE, author="王芳", clock=clock_of(village)) as other:
        first = other.households.all()[0].id
        other.households.save(replace(other.households.get(first), address="新址"), "visit")
        later = backup(other.place, tmp_path / "later.vdbackup")
    page = _page(opened, "backups", BackupsPage)
    answers.path = later
    page._on_compare_other()
    settle(qtbot, opened)
    assert "王芳" in page._compared.text()
    page._on_merge()
    settle(qtbot, opened)
    assert desk.households.get(first).address == "新址"


def village_now(village):
    return clock_of(village)()


def test_a_backup_is_made_when_the_desk_is_closed_and_a_failure_is_told_the_next_time(
    opened: Program, desk: Desk, tmp_path: Path
) -> None:
    second = tmp_path / "second"
    desk.safekeeping.choose(replace(desk.safekeeping.plan(), folder=str(second)))
    opened._watch.end()
    assert len(list(second.glob("*.vdbackup"))) == 1
    first = desk.households.all()[0].id
    desk.households.save(replace(desk.households.get(first), address="新址"), "visit")
    (tmp_path / "file").write_text("")
    desk.safekeeping.choose(replace(desk.safekeeping.plan(), folder=str(tmp_path / "file" / "below")))
    opened._watch = None
    opened.show_desk(desk)
    opened._watch.end()
    opened._watch = None
    opened.show_desk(desk)
    assert "备份没有写成" in opened.window._bar.text


def test_a_backup_is_made_by_the_clock(qtbot: QtBot, opened: Program, desk: Desk, tmp_path: Path) -> None:
    opened._watch.look()
    settle(qtbot, opened)
    desk.safekeeping.choose(replace(desk.safekeeping.plan(), folder=str(tmp_path / "second")))
    opened._watch.look()
    settle(qtbot, opened)
    assert len(desk.safekeeping.kept()) == 1


# People --------------------------------------------------------------------------------------------------------------


@pytest.fixture
def cheap(desk: Desk) -> Desk:
    desk.users._cost = Cost(8, 1, 1)
    return desk


def test_one_more_person_is_let_in_and_out_again(opened: Program, cheap: Desk, answers: Answers) -> None:
    page = _page(opened, "people", PeoplePage)
    page._name.setText("小陈")
    page._role.show_value("member")
    page._secret.setText("four brown foxes")
    page._again.setText("four brown fowls")
    page._on_add()
    assert page.rows["again"].problem
    page._again.setText("four brown foxes")
    page._on_add()
    assert [user.name for user in cheap.users.all()][-1] == "小陈"
    assert page._secret.text() == ""
    page.table.selectRow(1)
    page._other_role.show_value("cadre")
    page._on_role()
    assert cheap.users.all()[-1].role == "cadre"
    answers.yes = True
    page.table.selectRow(1)
    page._on_remove()
    assert len(cheap.users.all()) == 1


def test_a_weak_passphrase_is_told_beside_the_field(opened: Program, cheap: Desk) -> None:
    page = _page(opened, "people", PeoplePage)
    page._name.setText("小陈")
    page._secret.setText("short")
    page._again.setText("short")
    page._on_add()
    assert "8" in page.rows["passphrase"].problem
    assert len(cheap.users.all()) == 1


def test_ones_own_passphrase_is_changed(opened: Program, cheap: Desk) -> None:
    page = _page(opened, "people", PeoplePage)
    for field, word in (
        (page._old, PASSPHRASE),
        (page._new, "seven grey stones"),
        (page._repeated, "seven grey stones"),
    ):
        field.setText(word)
    page._on_change()
    cheap.users.prove("seven grey stones")


def test_a_reader_cannot_uncover_restricted_facts(opened: Program, cheap: Desk) -> None:
    cheap.users.add("会计", "leader", "four brown foxes")
    cheap.users.set_role(cheap.place.user, "cadre")
    household = cheap.lists.household_ids(None, "group")[0]
    opened.window.go("household", household_id=household)
    form = opened.window.frame.page
    form.show_field("members.0.health")
    assert not form.binder.row_of("members.0.health").editor.isVisible()
    assert cheap.looks.all() == ()


# The lock ------------------------------------------------------------------------------------------------------------


class Time:
    now = 1_000.0

    def __call__(self) -> float:
        return self.now


def test_a_cadre_meets_only_pages_of_tier_one_and_no_field_above_it(cheap: Desk, program: Program, village) -> None:
    cheap.users.add("支书", "cadre", "four brown foxes")
    folder = cheap.place.folder
    cheap.close()
    with open_desk(folder, "four brown foxes", clock=clock_of(village)) as theirs:
        program.show_desk(theirs)
        household = theirs.lists.household_ids(None, "group")[0]
        window = program.window
        for kind in window.frame.pages.pages:
            assert window.frame.go(
                kind.key, **({"household_id": household} if kind.key in {"household", "plan"} else {})
            )
        assert {"papers", "exits", "import", "reports"}.isdisjoint(kind.key for kind in window.frame.pages.pages)
        assert not window.frame.go("papers", kind="household_file")
        assert window.frame.key == window.frame.pages.pages[-1].key
        window.frame.go("household", household_id=household)
        form = window.frame.page
        for tab in (2, 1, 0):
            form.tabs.setCurrentIndex(tab)
        names = {path.rpartition(".")[2] for path in form.binder._rows}
        assert {"group", "name", "relation"} <= names
        assert names.isdisjoint({"phone", "id_number", "birth", "health", "dibao", "employer", "disability_class"})
        assert not any(row.editor.isEnabled() for row in form.binder.rows)
        assert [form.tabs.isTabVisible(tab) for tab in range(7)] == [True, True, True, False, False, False, False]


def test_it_locks_for_want_of_keys_and_after_sleep(qtbot: QtBot, qapp: QApplication, tmp_path: Path, qobject) -> None:
    clock = Time()
    auto = AutoLock(Remembered(tmp_path / "w.ini"), qobject, clock)
    due: list[float] = []
    auto.due.connect(lambda: due.append(clock.now))

    def wait(seconds: int) -> None:
        for _ in range(0, seconds, 5):
            clock.now += 5
            auto.look()

    wait(590)
    qapp.notify(qobject, QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_A, Qt.KeyboardModifier.NoModifier))
    auto.eventFilter(qobject, QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_A, Qt.KeyboardModifier.NoModifier))
    wait(595)
    assert due == []
    wait(10)
    assert len(due) == 1
    clock.now += 3_600
    auto.look()
    assert len(due) == 2
    clock.now -= 10_000
    auto.look()
    assert len(due) == 2


@pytest.fixture
def qobject(qapp):
    from PySide6.QtCore import QObject

    made = QObject()
    yield made
    made.deleteLater()


def test_locked_by_itself_nothing_is_lost_and_only_the_passphrase_opens(
    qtbot: QtBot, opened: Program, desk: Desk
) -> None:
    household = desk.lists.household_ids(None, "group")[0]
    opened.window.go("household", household_id=household)
    form = opened.window.frame.page
    form.binder.put("address", "正在录入的地址")
    opened._watch.lock()
    opened._watch.lock()
    screen = opened._watch.lock_screen
    assert isinstance(screen, LockScreen)
    assert screen.isVisible()
    screen.reject()
    screen.close()
    assert screen.isVisible()
    screen._on_unlock(None, "", "not this one")
    settle(qtbot, opened)
    assert screen.isVisible()
    screen._on_unlock(None, "", PASSPHRASE)
    settle(qtbot, opened)
    assert opened._watch.lock_screen is None
    assert form.binder.draft.address == "正在录入的地址"


# The door ------------------------------------------------------------------------------------------------------------


def test_a_desk_left_open_elsewhere_is_taken_over_only_by_a_persons_word(
    qtbot: QtBot, program: Program, prepared: Path, tmp_path: Path, answers: Answers, monkeypatch
) -> None:
    import shutil

    folder = Path(shutil.copytree(prepared / "desk", tmp_path / "left"))
    (folder / lock.LOCK_NAME).write_text('{"machine": "another", "host": "村部电脑", "pid": 1}')
    answers.yes = False
    program.entrance.show_unlock(folder)
    program.entrance.unlock(folder, "", PASSPHRASE)
    settle(qtbot, program)
    assert program.desk is None
    answers.yes = True
    program.entrance.unlock(folder, "", PASSPHRASE)
    settle(qtbot, program)
    assert program.desk is not None
    assert any("村部电脑" in question for question in answers.asked)
    program.window.frame = None
    program._close_desk()


def test_the_recovery_sheet_opens_the_door(qtbot: QtBot, program: Program, tmp_path: Path, village) -> None:
    from villagedesk.desk import create_desk, open_desk

    desk, key = create_desk(tmp_path / "desk", PASSPHRASE, village.file, author="李工", cost=Cost(8, 1, 1))
    desk.close()
    assert doors.let_in_again(tmp_path / "desk", key, "seven grey stones")(lambda *_: None) == "desk"
    open_desk(tmp_path / "desk", "seven grey stones").close()


# Proof ---------------------------------------------------------------------------------------------------------------


def test_the_desk_is_proved_and_the_history_written_with_restricted_facts_covered(
    qtbot: QtBot, opened: Program, desk: Desk, answers: Answers, tmp_path: Path
) -> None:
    page = _page(opened, "audit", AuditPage)
    page._on_verify()
    settle(qtbot, opened)
    assert "数据完好" in page._said.text()
    answers.path = tmp_path / "history.xlsx"
    page._on_history()
    settle(qtbot, opened)
    sheet = load_workbook(answers.path).worksheets[0]
    said = {str(cell.value) for line in sheet.iter_rows() for cell in line if cell.value}
    member = desk.households.get(desk.lists.household_ids(None, "group")[0]).members[0]
    assert member.name in said
    assert "•••" in said
    assert member.id_number not in said
    digests = {str(line[4].value) for line in sheet.iter_rows(min_row=3)}
    assert len(digests) > 5


# The people the data are about ---------------------------------------------------------------------------------------


def test_a_person_asks_and_is_answered(opened: Program, desk: Desk, answers: Answers) -> None:
    page = _page(opened, "privacy", PrivacyPage)
    page._on_ask()
    assert page.rows["member_id"].problem
    member = desk.households.get(desk.lists.household_ids(None, "group")[0]).members[0]
    page._find.setText(member.name)
    assert page._person.count() >= 1
    page._kind.show_value("correct")
    page._words.setText("生日写错了")
    page._on_ask()
    assert page.requests.rowCount() == 1
    page.table.selectRow(0)
    answers.line = "已更正"
    page._on_answer()
    assert desk.persons.requests()[0].answer == "已更正"


def test_what_is_kept_is_printed_for_the_person(qtbot: QtBot, opened: Program, desk: Desk, answers: Answers) -> None:
    page = _page(opened, "privacy", PrivacyPage)
    member = desk.households.get(desk.lists.household_ids(None, "group")[0]).members[0]
    page._find.setText(member.name)
    answers.dialog = lambda _: False
    page._on_extract()
    assert [act.verb for act in desk.history.recent(1)] == ["paper.print"]


def test_a_desk_is_taken_off_only_when_nothing_would_be_lost(
    qtbot: QtBot, opened: Program, desk: Desk, answers: Answers, tmp_path: Path
) -> None:
    page = _page(opened, "privacy", PrivacyPage)
    page._on_take_off()
    assert desk.place.folder.exists()
    desk.safekeeping.choose(replace(desk.safekeeping.plan(), folder=str(tmp_path / "second")))
    desk.safekeeping.run()
    answers.yes, answers.line = True, PASSPHRASE
    page._on_take_off()
    settle(qtbot, opened)
    assert not desk.place.folder.exists()
    assert opened.desk is None


# The program itself --------------------------------------------------------------------------------------------------


def test_every_part_is_named_with_its_licence_and_a_report_holds_nobodys_data(
    opened: Program, desk: Desk, answers: Answers, tmp_path: Path
) -> None:
    page = _page(opened, "settings", SettingsPage)
    assert page.about.parts.rowCount() > 20
    page.about.table.selectRow(0)
    assert len(page.about.text.toPlainText()) > 200
    answers.path = tmp_path / "report.txt"
    opened.window.messages.tell_error(RuntimeError("王建国"))
    page.about._on_report()
    said = answers.path.read_text("utf-8")
    assert "RuntimeError" in said
    assert "王建国" not in said
    assert str(tmp_path) not in said


def test_a_forged_update_is_refused_in_words(
    qtbot: QtBot, opened: Program, answers: Answers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    forged = tmp_path / "forged.vdupdate"
    forged.write_bytes(b"{}\n" + b"0" * 128 + b"\n")
    page = _page(opened, "settings", SettingsPage)
    monkeypatch.setattr(type(opened.window.messages), "open_file", lambda *_: forged)
    answers.path = tmp_path
    page.about._on_update()
    settle(qtbot, opened)
    assert "更新" in opened.window._bar.text
    assert list(tmp_path.glob("*.deb")) == []
