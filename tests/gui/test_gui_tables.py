"""Tables of any length: the model keeps its promises and asks only for what is looked at."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, Qt
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from ui.tables import ROW, Column, Index, PagedTable, TableView
from villagedesk.text import say

_ROOT = QModelIndex()
COLUMNS = (Column(say("Name"), lambda row: f"n{row}", 8, "name"), Column(say("Age"), str, 4, right=True))


class _Asked:
    def __init__(self, gone: frozenset[int] = frozenset()) -> None:
        self.keys: list[int] = []
        self._gone = gone

    def __call__(self, keys: Sequence[int]) -> Sequence[int | None]:
        self.keys += keys
        return [None if key in self._gone else key for key in keys]


def test_the_model_keeps_qts_rules(qtmodeltester: ModelTester) -> None:
    model = PagedTable[int](COLUMNS)
    model.show_keys(range(300), _Asked())
    qtmodeltester.check(model)


def test_an_empty_model_keeps_qts_rules(qtmodeltester: ModelTester) -> None:
    qtmodeltester.check(PagedTable[int](COLUMNS))


def test_a_jump_asks_for_one_window_only() -> None:
    model, asked = PagedTable[int](COLUMNS), _Asked()
    model.show_keys(range(100_000), asked)
    assert model.index(90_000, 0).data() == "n90000"
    assert model.index(90_001, 1).data() == "90001"
    assert len(asked.keys) == 128


def test_memory_stays_bounded() -> None:
    model = PagedTable[int](COLUMNS)
    model.show_keys(range(100_000), _Asked())
    for number in range(0, 100_000, 128):
        model.row(number)
    assert len(model._windows) <= 24


def test_a_row_that_is_gone_is_shown_empty() -> None:
    model = PagedTable[int](COLUMNS)
    model.show_keys([1, 2, 3], _Asked(frozenset({2})))
    assert [model.index(n, 0).data() for n in range(3)] == ["n1", None, "n3"]
    assert model.index(1, 0).data(ROW) is None


def test_sorting_is_a_question_to_the_core(qtbot: QtBot) -> None:
    model = PagedTable[int](COLUMNS)
    with qtbot.waitSignal(model.sort_wanted) as wanted:
        model.sort(0, Qt.SortOrder.DescendingOrder)
    assert wanted.args == ["name", True]
    with qtbot.assertNotEmitted(model.sort_wanted):
        model.sort(1)


def test_enter_opens_the_row(qtbot: QtBot) -> None:
    model = PagedTable[int](COLUMNS)
    model.show_rows([10, 20])
    view = TableView(model, "numbers")
    qtbot.addWidget(view)
    view.show()
    view.selectRow(1)
    with qtbot.waitSignal(view.opened) as opened:
        qtbot.keyClick(view, Qt.Key.Key_Return)
    assert opened.args == [20]


def test_columns_fit_the_width_until_somebody_drags(qtbot: QtBot) -> None:
    model = PagedTable[int]((Column(say("Name"), str, 40), Column(say("Age"), str, 20)))
    view = TableView(model, "numbers")
    qtbot.addWidget(view)
    view.resize(700, 200)
    view.show()
    assert not view.horizontalScrollBar().isVisible()


def test_neither_scroll_bar_covers_a_row_or_a_column(qtbot: QtBot) -> None:
    titles = ("Name", "Age", "Group", "Note", "Hidden", "Hidden too")
    model = PagedTable[int]([Column(say("{word}", word=title), str, 12) for title in titles])
    view = TableView(model, "numbers")
    qtbot.addWidget(view)
    view.resize(700, 300)
    view.show_columns(range(4))
    view.show()
    model.show_rows(range(100))
    qtbot.waitUntil(view.verticalScrollBar().isVisible)
    assert not view.horizontalScrollBar().isVisible()  # the columns gave way to the other bar
    view.show_columns(range(6))
    view.setColumnWidth(0, 900)
    qtbot.waitUntil(view.horizontalScrollBar().isVisible)
    view.scrollToBottom()
    view.horizontalScrollBar().setValue(view.horizontalScrollBar().maximum())
    corner = view.visualRect(model.index(99, 5))
    assert view.viewport().rect().contains(corner)
    assert not view.viewport().geometry().intersects(view.horizontalScrollBar().parentWidget().geometry())


def test_an_empty_table_says_why_and_what_to_do(qtbot: QtBot) -> None:
    model = PagedTable[str]([Column("a", str)])
    view = TableView(model, "list")
    view.say_when_empty("Nothing yet. Enter the first one.")
    qtbot.addWidget(view)
    assert view.accessibleDescription() == "Nothing yet. Enter the first one."
    view.resize(400, 200)
    empty = view.viewport().grab().toImage()
    model.show_rows(["x"])
    assert view.accessibleDescription() == ""
    assert view.viewport().grab().toImage() != empty
    model.show_rows([])
    view.say_when_empty("")
    assert view.viewport().grab().toImage() != empty


def test_a_title_and_a_short_cell_stay_whole_in_a_narrow_table(qtbot: QtBot) -> None:
    model = PagedTable[str]([Column("A rather long title", lambda _: "", 3), Column("d", lambda _: "2019-10-22", 4),
                             Column("text", lambda one: one, 60)])  # fmt: skip
    view = TableView(model, "list")
    qtbot.addWidget(view)
    view.resize(200, 200)
    model.show_rows(["long " * 40])
    header, letters = view.horizontalHeader(), view.fontMetrics()
    assert header.sectionSize(0) > header.fontMetrics().horizontalAdvance("A rather long title")
    assert header.sectionSize(1) > letters.horizontalAdvance("2019-10-22")
    assert header.sectionSize(2) < letters.horizontalAdvance("long " * 40)


class _Counted(PagedTable[int]):
    asked = 0

    def columnCount(self, parent: Index = _ROOT) -> int:
        self.asked += 1
        return super().columnCount(parent)


def test_a_list_of_a_county_is_marked_without_a_question_a_row(qtbot: QtBot) -> None:
    model, asked = _Counted(COLUMNS), _Asked()
    model.show_keys(range(30_000), asked)
    view = TableView(model, "list")
    view.setSelectionMode(TableView.SelectionMode.ExtendedSelection)
    qtbot.addWidget(view)
    with qtbot.waitExposed(view):
        view.show()
    before = model.asked
    view.selectAll()
    view.horizontalHeader().viewport().repaint()
    assert list(view.marked()) == list(range(30_000))
    assert model.asked - before < 1_000


def test_marked_rows_are_in_their_order_and_each_once(qtbot: QtBot) -> None:
    model = PagedTable[int](COLUMNS)
    model.show_rows(range(50))
    view = TableView(model, "list")
    view.setSelectionMode(TableView.SelectionMode.MultiSelection)
    qtbot.addWidget(view)
    for number in (40, 3, 4, 17, 4):
        view.selectRow(number)  # 4 is marked, and then no longer
    assert list(view.marked()) == [3, 17, 40]
