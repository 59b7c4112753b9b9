"""The binder: draft and editors are the same, None is kept, every step can be taken back."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from ui.binding import Binder, get_at, put_at
from ui.fields.lines import text_field, whole_field
from ui.fields.rows import FieldRow
from ui.fields.yesno import YesNoField
from villagedesk.drafts.household import HouseholdDraft, MemberDraft
from villagedesk.errors import Problem
from villagedesk.text import say

HOUSE = HouseholdDraft(no="1", members=(MemberDraft(name="甲"), MemberDraft(name="乙")))


def _bound(qtbot: QtBot, draft: HouseholdDraft = HOUSE, check=lambda _: ()) -> tuple[Binder, dict[str, FieldRow]]:
    binder = Binder(draft, check)
    rows = {
        "address": FieldRow("address", text_field()),
        "identified_year": FieldRow("year", whole_field()),
        "water_safe": FieldRow("water", YesNoField()),
        "members.*.name": FieldRow("name", text_field()),
    }
    for path, row in rows.items():
        qtbot.addWidget(row)
        binder.bind(path, row)
    return binder, rows


def test_binding_and_showing_change_nothing(qtbot: QtBot) -> None:
    binder, _rows = _bound(qtbot)
    binder.select("members", 1)
    binder.refresh()
    assert binder.draft == HOUSE
    assert not binder.modified
    assert binder.draft.identified_year is None
    assert binder.draft.water_safe is None


def test_typing_is_one_step_back(qtbot: QtBot) -> None:
    binder, rows = _bound(qtbot)
    qtbot.keyClicks(rows["address"].editor, "abc")
    assert binder.draft.address == "abc"
    binder.stack.undo()
    assert binder.draft == HOUSE
    assert rows["address"].editor.text() == ""
    binder.stack.redo()
    assert binder.draft.address == "abc"


def test_two_fields_are_two_steps(qtbot: QtBot) -> None:
    binder, rows = _bound(qtbot)
    qtbot.keyClicks(rows["address"].editor, "a")
    qtbot.keyClicks(rows["identified_year"].editor, "2014")
    binder.stack.undo()
    assert (binder.draft.address, binder.draft.identified_year) == ("a", None)


def test_the_star_follows_the_cursor_and_undo_shows_where(qtbot: QtBot) -> None:
    binder, rows = _bound(qtbot)
    binder.select("members", 1)
    assert rows["members.*.name"].editor.text() == "乙"
    editor = rows["members.*.name"].editor
    editor.end(False)
    qtbot.keyClicks(editor, "x")
    assert [member.name for member in binder.draft.members] == ["甲", "乙x"]
    binder.select("members", 0)
    with qtbot.waitSignal(binder.went_to) as went:
        binder.stack.undo()
    assert went.args == ["members.1.name"]
    assert [member.name for member in binder.draft.members] == ["甲", "乙"]


def test_a_star_without_an_item_is_disabled_and_harmless(qtbot: QtBot) -> None:
    binder, rows = _bound(qtbot)
    binder.select("members", 1)
    binder.load(HouseholdDraft(no="1"))
    assert not rows["members.*.name"].isEnabled()
    rows["members.*.name"].editor.edited.emit("nobody")
    assert binder.draft == HouseholdDraft(no="1")


def test_problems_stand_beside_their_field(qtbot: QtBot) -> None:
    problem = Problem(say("Give the household its number."), "address")
    binder, rows = _bound(qtbot, check=lambda draft: () if draft.address else (problem,))
    binder.show_problems()
    assert rows["address"].problem == str(problem)
    assert rows["address"].editor.property("wrong") is True
    qtbot.keyClicks(rows["address"].editor, "a")
    assert rows["address"].problem == ""


def test_unreadable_typing_is_a_problem_and_no_value(qtbot: QtBot) -> None:
    binder, rows = _bound(qtbot)
    qtbot.keyClicks(rows["identified_year"].editor, "20x")
    assert [problem.field for problem in binder.problems] == ["identified_year"]
    assert binder.draft.identified_year == 20
    rows["identified_year"].editor.selectAll()
    qtbot.keyClick(rows["identified_year"].editor, Qt.Key.Key_Backspace)
    assert binder.problems == ()


def test_a_refused_save_is_forgotten_field_by_field(qtbot: QtBot) -> None:
    binder, rows = _bound(qtbot)
    binder.show_problems([Problem(say("Give the household its number."), "address")])
    assert rows["address"].problem
    qtbot.keyClicks(rows["address"].editor, "a")
    assert not rows["address"].problem


def test_after_a_save_the_form_is_clean(qtbot: QtBot) -> None:
    binder, rows = _bound(qtbot)
    qtbot.keyClicks(rows["address"].editor, "a")
    assert binder.modified
    binder.saved(binder.draft)
    assert not binder.modified


_PATHS = st.sampled_from(["address", "identified_year", "water_safe", "members.0.name", "members.1.left_reason"])
_VALUES = {
    "address": st.text(max_size=4), "identified_year": st.none() | st.integers(2000, 2020),
    "water_safe": st.none() | st.booleans(),
    "members.0.name": st.text(max_size=4), "members.1.left_reason": st.text(max_size=2),
}  # fmt: skip


@given(st.lists(_PATHS.flatmap(lambda path: st.tuples(st.just(path), _VALUES[path])), max_size=12))
def test_undoing_everything_gives_the_first_draft(steps: list[tuple[str, object]]) -> None:
    binder: Binder[HouseholdDraft] = Binder(HOUSE, lambda _: ())
    for path, value in steps:
        binder.put(path, value)
    last = binder.draft
    while binder.stack.canUndo():
        binder.stack.undo()
    assert binder.draft == HOUSE
    while binder.stack.canRedo():
        binder.stack.redo()
    assert binder.draft == last


def test_paths_reach_into_tuples() -> None:
    changed = put_at(HOUSE, "members.1.name", "丙")
    assert get_at(changed, "members.1.name") == "丙"
    assert get_at(changed, "members.0") == HOUSE.members[0]
    assert HOUSE.members[1].name == "乙"
