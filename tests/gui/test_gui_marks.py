"""Notes on fields, proofs beside the figures they prove, the home county of a number, several codes by the keys."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path

import pypdfium2
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from tests.factories import make_id_number
from tests.gui.windowed import Answers
from ui.app import Program
from ui.fields.choices import CodesField, Option
from ui.households.form import HouseholdForm
from ui.households.members import home_of
from villagedesk.desk import Desk
from villagedesk.services.paper_kinds import SUBJECTS


def _form(program: Program, household_id: str) -> HouseholdForm:
    program.window.go("household", household_id=household_id)
    page = program.window.frame.page
    assert isinstance(page, HouseholdForm)
    return page


def _picture(folder: Path) -> Path:
    stream = BytesIO()
    Image.new("RGB", (64, 48), (10, 90, 90)).save(stream, "JPEG")
    file = folder / "payslip.jpg"
    file.write_bytes(stream.getvalue())
    return file


def test_a_note_on_a_field_is_marked_kept_and_taken_off(opened: Program, desk: Desk, answers: Answers) -> None:
    household_id = desk.lists.household_ids()[0]
    form = _form(opened, household_id)
    form.show_field("address")
    answers.line = "门牌待换"
    form.marks.write_note()
    row = form.binder.row_of("address")
    assert list(row.marks().values()) == ["门牌待换"]
    assert form.save()
    assert dict(desk.households.get(household_id).field_notes) == {"address": "门牌待换"}
    assert list(form.binder.row_of("address").marks().values()) == ["门牌待换"]
    answers.line = ""
    next(iter(row.findChildren(QPushButton, "mark"))).click()
    assert row.marks() == {}
    form.binder.stack.undo()
    assert list(row.marks().values()) == ["门牌待换"]


def test_the_note_of_a_person_follows_the_person(opened: Program, desk: Desk, answers: Answers) -> None:
    form = _form(opened, desk.lists.household_ids()[0])
    form.show_field("members.1.education")
    answers.line = "毕业证未见"
    form.marks.write_note()
    assert form.binder.draft.members[1].field_notes == (("education", "毕业证未见"),)
    form.members.select(0)
    assert form.binder.row_of("members.0.education").marks() == {}
    form.members.select(1)
    assert list(form.binder.row_of("members.1.education").marks().values()) == ["毕业证未见"]


def test_a_note_stands_on_no_paper_but_the_persons_own_extract(opened: Program, desk: Desk, answers: Answers) -> None:
    household_id = desk.lists.household_ids()[0]
    form = _form(opened, household_id)
    answers.line = "暗号备注"
    for field in ("address", "members.0.education"):
        form.show_field(field)
        form.marks.write_note()
    assert form.save()
    kinds = [kind for kind, record in SUBJECTS.items() if record == "household"]
    assert len(kinds) >= 5
    for kind in kinds:
        pdf = desk.papers.preview(kind, [household_id]).pdf
        text = "".join(page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(pdf))
        assert "暗号备注" not in text, kind
    head = desk.households.get(household_id).members[0]
    said = {held.label: held.value for held in desk.persons.held(head.id)}
    assert "文化程度：暗号备注" in said["成员字段备注"]


def test_income_and_members_have_proofs_and_the_source_opens_them(
    opened: Program, desk: Desk, tmp_path: Path, answers: Answers
) -> None:
    household_id = desk.lists.household_ids()[0]
    form = _form(opened, household_id)
    income = desk.households.incomes(household_id)[0]
    form.tabs.setCurrentIndex(3)
    form.income._show_origin("wage.work")
    attach = [each for each in form.income.findChildren(QPushButton) if "附上凭证" in each.text()]
    attach[-1].click()
    assert form.tabs.currentWidget() is form.proofs
    assert (form.proofs.subject.value(), form.proofs.field.value()) == (income.id, "wage.work")
    form.proofs.attach([_picture(tmp_path)])
    (kept,) = desk.evidence.of(income.id, "wage.work")
    form.tabs.setCurrentIndex(3)
    form.income._show_origin("wage.work")
    (way,) = [each for each in form.income.findChildren(QPushButton) if kept.title in each.text()]
    form.proofs.list.setCurrentRow(-1)
    way.click()
    assert form.proofs.list.currentItem().data(Qt.ItemDataRole.UserRole).id == kept.id

    member = form.binder.draft.members[1]
    form.proofs.choose(member.id, "dibao")
    form.proofs.attach([_picture(tmp_path)])
    form.show_field("members.1.dibao")
    row = form.binder.row_of("members.1.dibao")
    assert list(row.marks().values()) == ["payslip"]
    form.tabs.setCurrentIndex(1)
    next(iter(row.findChildren(QPushButton, "mark"))).click()
    assert form.tabs.currentWidget() is form.proofs
    assert form.proofs.field.value() == "dibao"


def test_the_home_county_stands_under_the_number(opened: Program, desk: Desk) -> None:
    assert home_of("32132419750315001X").endswith("江苏省宿迁市泗洪县")
    assert home_of("321324") == ""
    assert "泗洪" not in home_of(make_id_number(date(1975, 3, 15)))  # generated numbers belong to no county
    form = _form(opened, desk.lists.household_ids()[0])
    form.tabs.setCurrentIndex(1)
    form.show_field("members.0.id_number")
    row = form.binder.row_of("members.0.id_number")
    row.editor.textEdited.emit("321324197503150019")  # no number of anybody: its last digit is wrong
    assert "泗洪县" in row._hint


def test_several_codes_are_ticked_by_typing(qtbot: QtBot) -> None:
    words = {"01": "因病", "02": "因残", "03": "因学", "11": "缺水", "12": "因婚", "13": "因丧"}
    field = CodesField([Option(code, word) for code, word in words.items()])
    qtbot.addWidget(field)
    told: list[tuple[str, ...]] = []
    field.edited.connect(told.append)
    box = next(iter(field._boxes.values()))
    qtbot.keyClicks(box, "12")  # not 01 and 12
    assert told[-1] == ("12",)
    field._typed_at = 0.0
    qtbot.keyClicks(box, "3")
    assert told[-1] == ("03", "12")
    field._typed_at = 0.0
    qtbot.keyClicks(box, "yc")  # 因残
    assert told[-1] == ("02", "03", "12")
    field._typed_at = 0.0
    qtbot.keyClicks(box, "02")
    assert told[-1] == ("03", "12")


def test_sensitive_values_show_only_where_the_cursor_is_and_the_look_is_noted(opened: Program, desk: Desk) -> None:
    household_id = desk.lists.household_ids()[0]
    home = desk.households.get(household_id)
    head = replace(home.members[0], phone="13900001234", ethnic="回族")
    desk.households.save(replace(home, members=(head, *home.members[1:])), "visit")
    form = _form(opened, household_id)
    form.tabs.setCurrentIndex(1)
    form.show_field("members.0.name")
    ethnic = form.binder.row_of("members.0.ethnic").editor
    phone = form.binder.row_of("members.0.phone").editor
    assert phone.text() == "*******1234"
    covered = ethnic.grab().toImage()
    assert desk.looks.of_person(head.id) == ()
    form.show_field("members.0.ethnic")
    assert ethnic.hasFocus()
    assert ethnic.grab().toImage() != covered
    form.show_field("members.0.phone")
    assert phone.text() == "13900001234"
    form.show_field("members.0.name")
    assert phone.text() == "*******1234"
    assert {each.what for each in desk.looks.of_person(head.id)} == {"ethnic", "phone"}
