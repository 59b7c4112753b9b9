"""Everything about a child under 14 is sensitive: covered until somebody asks, and who asked is noted (DOMAIN §8.4)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import load_workbook
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from tests.factories import make_household, make_id_number, make_member
from ui.app import Program
from ui.households.form import HouseholdForm
from ui.households.people import MembersList
from villagedesk.desk import Desk

CHILD, TEEN = "钱小宝", "钱大宝"


@pytest.fixture
def household_id(desk: Desk, opened: Program) -> str:
    """A father, a child of ten and one of fourteen."""
    today = desk.site.today()
    members = [make_member(name="钱多多", person_no="", phone="")]
    for name, age, number in ((CHILD, 10, 31), (TEEN, 14, 33)):
        birth = today.replace(year=today.year - age, day=1)
        members.append(
            make_member(name=name, relation="03", sex="1", birth=birth, person_no="", phone="", education="",
                        labour="07", schooling="03", id_number=make_id_number(birth, "1", number))
        )  # fmt: skip
    change = desk.households.save(replace(make_household(no="990000555"), members=tuple(members)), "entered")
    opened.window.go("today")
    return change.records["household"][0]


def _form(program: Program, household_id: str, **place: str) -> HouseholdForm:
    program.window.go("household", household_id=household_id, **place)
    form = program.window.frame.page
    assert isinstance(form, HouseholdForm)
    return form


def _texts(form: HouseholdForm) -> list[str]:
    model = form.members.model
    return [model.columns[0].show(model.row(n)) + model.columns[2].show(model.row(n)) for n in range(model.rowCount())]


def test_a_child_is_covered_in_its_form_until_somebody_asks(
    qtbot: QtBot, opened: Program, desk: Desk, household_id: str
) -> None:
    child = desk.households.get(household_id).members[1]
    form = _form(opened, household_id, member_id=child.id)
    name = form.binder.row_of("members.1.name")
    assert name is not None
    assert not name.editor.isVisible()
    assert _texts(form)[1] == "钱**<14"
    assert _texts(form)[2] == f"{TEEN}14"
    assert not [look for look in desk.looks.all() if look.record == child.id]

    show = next(
        one for one in form.findChildren(QPushButton) if one.isVisible() and "显示该儿童" in one.accessibleName()
    )
    show.setFocus()
    qtbot.keyClick(show, Qt.Key.Key_Space)
    assert name.editor.isVisible()
    assert name.editor.text() == CHILD
    assert _texts(form)[1] == f"{CHILD}10"
    assert [look.what for look in desk.looks.all() if look.record == child.id][-1:] == ["under_14"]

    form = _form(opened, household_id, member_id=child.id)
    assert _texts(form)[1] == f"{CHILD}10", "the same sitting"
    other = desk.households.get(household_id).members[2]
    form = _form(opened, household_id, member_id=other.id)
    assert form.binder.row_of("members.2.name").editor.isVisible()


def test_being_led_to_the_field_of_a_child_shows_and_notes_it(opened: Program, desk: Desk, household_id: str) -> None:
    child = desk.households.get(household_id).members[1]
    form = _form(opened, household_id, field="members.1.schooling")
    assert form.binder.row_of("members.1.schooling").editor.isVisible()
    assert "under_14" in [look.what for look in desk.looks.all() if look.record == child.id]


def test_a_child_being_entered_is_seen_by_who_enters_it(opened: Program, desk: Desk, household_id: str) -> None:
    form = _form(opened, household_id)
    form.members.add()
    place = form.members.model.rowCount() - 1
    form.binder.put(f"members.{place}.birth", desk.site.today().replace(year=desk.site.today().year - 5))
    form.binder.put(f"members.{place}.name", "钱小小")
    assert _texts(form)[place].startswith("钱小小")


def test_lists_and_the_search_box_say_the_surname_only(
    qtbot: QtBot, opened: Program, desk: Desk, household_id: str, tmp_path: Path
) -> None:
    child_id = desk.households.get(household_id).members[1].id
    found = [one for one in desk.checks.run().findings if one.member_id == child_id]
    assert {(one.screen_name, one.member_name) for one in found} == {("钱**", CHILD)}

    opened.window.go("members")
    page = opened.window.frame.page
    assert isinstance(page, MembersList)
    qtbot.waitUntil(lambda: page.model.rowCount() > 0)
    rows = [page.model.row(n) for n in range(page.model.rowCount())]
    child = next(row for row in rows if row.name == CHILD)
    shown = [column.show(child) for column in page.model.columns]
    assert shown[:3] == [child.group, child.household_no, "钱**"]
    assert set(shown[4:]) == {"••"}
    teen = next(row for row in rows if row.name == TEEN)
    assert "••" not in [column.show(teen) for column in page.model.columns]

    finder = opened.window.frame.finder
    finder.setText("qxb")
    assert [one.text.split()[0] for one in finder.found] == ["钱**"]
    finder.setText("qdb")
    assert finder.found[0].text.startswith(TEEN)

    columns = [
        ("member.name", "姓名"),
        ("member.sex", "性别"),
        ("member.age", "年龄"),
        ("member.schooling", "在校生状况"),
    ]
    desk.rosters.write_shown("members", [child.id, teen.id], columns, tmp_path / "list.xlsx")
    cells = [[str(cell or "") for cell in row] for row in load_workbook(tmp_path / "list.xlsx").active.values]
    assert ["钱**", "", "", ""] in cells
    assert not any(CHILD in cell for row in cells for cell in row)
    assert any(TEEN in cell for row in cells for cell in row)
