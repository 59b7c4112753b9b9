"""The village's figures of a year: one line a figure, the years before beside it, the source behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QLabel, QVBoxLayout, QWidget

from ui import style
from ui.context import Context
from ui.fields.editor import NextOnEnter
from ui.fields.lines import hundredths_field, text_field, whole_field, yuan_field
from ui.fields.yesno import YesNoField
from ui.page import button, card, label, row
from ui.slices import SlicedCards
from villagedesk.drafts.village import IndicatorDraft
from villagedesk.errors import Refused, VillageDeskError
from villagedesk.policy.indicators import HUNDREDTHS, MONEY, YES_NO, Indicator
from villagedesk.services.indicators import IndicatorRow, figure_word
from villagedesk.text import say, tr

_GAP = 14  # pixels between the columns, however large the letters
_BEFORE = 2  # years beside the one being entered


class FigureLine:
    """The editors of one figure; they stand in a grid, so this is no widget of its own."""

    def __init__(self, indicator: Indicator) -> None:
        self.indicator = indicator
        self.value: Any = _editor(indicator)
        self.source: Any = text_field()
        self.said = label("", "problem", wrap=True)
        self.said.hide()
        self.earlier = [label("", "hint") for _ in range(_BEFORE)]
        self._draft = IndicatorDraft(name=indicator.key)
        self.value.setAccessibleName(indicator.title)
        self.source.setAccessibleName(tr("Source of {title}", title=indicator.title))

    def show(self, found: IndicatorRow, year: int) -> None:
        """Show what is stored of the year and of the years before."""
        self._draft = found.years.get(year, IndicatorDraft(name=self.indicator.key))
        self.put(self._draft.value)
        self.source.show_value(self._draft.source)
        for place, shown in enumerate(self.earlier, 1):
            before = found.years.get(year - place)
            shown.setText(figure_word(self.indicator, before.value) if before else "—")
            shown.setToolTip(before.source if before else "")
        self.tell("")

    def put(self, value: int | None) -> None:
        """Show a value in the editor."""
        self.value.show_value(bool(value) if self.indicator.unit == YES_NO and value is not None else value)

    def tell(self, text: str) -> None:
        """Say what is wrong with the line."""
        self.said.setText(text)
        self.said.setVisible(bool(text))

    def typed(self, common_source: str) -> IndicatorDraft | None:
        """What was typed, where it differs from what is stored."""
        value = self.value.value()
        value = int(value) if isinstance(value, bool) else value
        source = self.source.value() or ""
        if value is not None and not source.strip():
            source = common_source
        made = replace(self._draft, value=value, source=source if value is not None else "")
        return made if (made.value, made.source) != (self._draft.value, self._draft.source) else None


def _editor(indicator: Indicator) -> QWidget:
    if indicator.unit == YES_NO:
        return YesNoField()
    if indicator.unit == MONEY:
        return yuan_field()
    return hundredths_field() if indicator.unit in HUNDREDTHS else whole_field()


class FiguresTab(QWidget):
    """Enters the figures of one year."""

    saved = Signal(object)

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._modified = False
        self._showing = False
        self._lines: dict[str, FigureLine] = {}
        self._shown: set[str] = set()  # figures whose line shows what was found
        self._found: Sequence[IndicatorRow] = ()
        self.year = QComboBox()
        self.year.setAccessibleName(tr("Year"))
        self._common = text_field(say("for example: statistics of the village office"))
        self._common.setAccessibleName(tr("Source of all figures typed now"))
        self._said = label("", "hint", wrap=True)
        self._save = button(say("Save"), "save", self.save, kind="primary", key="Ctrl+S")
        self._heads: list[tuple[QLabel, QLabel]] = []
        self._assemble()
        self.year.activated.connect(self._on_year)

    @property
    def modified(self) -> bool:
        """Whether anything typed is not saved."""
        return self._modified

    def show_year(self, year: int = 0, name: str = "") -> None:
        """Show a year, the newest with figures (or this one) when none is given; the cursor at a figure."""
        if not self._modified:
            indicators, this_year = self._context.desk.indicators, self._context.desk.site.today().year
            years = sorted({this_year, this_year - 1, *indicators.years()}, reverse=True)
            chosen = year or self.year.currentData() or next(iter(indicators.years()), this_year)
            self.year.clear()
            for each in years:
                self.year.addItem(str(each), each)
            self.year.setCurrentIndex(max(0, self.year.findData(chosen)))
            self._show()
        if name and name in self.lines:
            self.lines[name].value.setFocus(Qt.FocusReason.OtherFocusReason)

    def may_leave(self) -> bool:
        """Ask what shall happen to unsaved typing."""
        if not self._modified:
            return True
        answer = self._context.messages.ask_save(say("The village's figures have changes that are not saved."))
        if answer == "drop":
            self._modified = False
            self._show()
        return answer == "drop" or (answer == "save" and self.save())

    def save(self) -> bool:
        """Save what was typed; what cannot be saved is said in its line."""
        for line in self.lines.values():
            line.tell(line.value.complaint())
        if any(line.value.complaint() for line in self.lines.values()):
            return False
        common = self._common.value() or ""
        typed = [made for line in self.lines.values() if (made := line.typed(common)) is not None]
        try:
            change = self._context.desk.indicators.save(self.year.currentData(), typed, tr("entered in the form"))
        except Refused as refusal:
            for problem in refusal.problems:
                if problem.field in self.lines:
                    self.lines[problem.field].tell(str(problem))
            self._context.messages.tell_error(refusal)
            return False
        except VillageDeskError as error:
            self._context.messages.tell_error(error)
            return False
        self._modified = False
        self._show()
        self._context.messages.tell(say("Saved."), "ok")
        self._context.tell_change(change, self)
        self.saved.emit(change)
        return True

    def _assemble(self) -> None:
        count = button(say("Count from the household files"), "findings", self._on_count)
        prints = button(say("Print"), "print", self._on_print)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, style.letters() // 2, 0, 0)
        self._common.setMinimumWidth(style.letters() * 18)
        named = label(tr("Source of all figures typed now"), "label")
        column.addLayout(row(self.year, count, prints, self._save))
        column.addLayout(row(named, self._common))
        column.addWidget(self._said)
        self._cards = SlicedCards(self._card(group.title, list(group.items.values())) for group in self._groups())
        column.addWidget(self._cards, 1)
        self._enter = NextOnEnter(self)
        self._enter.watch(self)
        self._cards.added.connect(self._on_card)
        self._cards.begin()

    @property
    def lines(self) -> Mapping[str, FigureLine]:
        """The lines by figure, all of them on the page."""
        self._cards.complete()
        return self._lines

    def _on_card(self, card_: QWidget) -> None:
        self._enter.watch(card_)
        self._show_lines()

    def _groups(self) -> Sequence[Any]:
        return list(self._context.desk.indicators.groups.values())

    def _card(self, title: str, items: Sequence[Indicator]) -> QWidget:
        grid = QGridLayout()
        grid.setHorizontalSpacing(min(style.letters(), _GAP))
        heads = (label("", "label"), label("", "label"))
        self._heads.append(heads)
        for place, head in enumerate((*heads, label(tr("This year"), "label"), label(tr("Unit"), "label"),
                                      label(tr("Where from"), "label"))):  # fmt: skip
            grid.addWidget(head, 0, place + 1)
        for number, item in enumerate(items):
            line = FigureLine(item)
            self._lines[item.key] = line
            name = label(item.title, wrap=True)
            name.setBuddy(line.value)
            cells = (name, *reversed(line.earlier), line.value, label(item.unit, "hint"), line.source)
            for place, widget in enumerate(cells):
                grid.addWidget(widget, 2 * number + 1, place)
            grid.addWidget(line.said, 2 * number + 2, 3, 1, 3)
            line.value.edited.connect(self._on_typed)
            line.source.edited.connect(self._on_typed)
            told = self._context.desk.sources.of_indicator(item.key)
            line.value.setWhatsThis(str(told.told) if told else "")
            name.setToolTip(str(told.told) if told else "")
        for place, share in enumerate((4, 2, 2, 3, 1, 4)):
            grid.setColumnStretch(place, share)
        return card(grid, heading=title)

    def _show(self) -> None:
        year = int(self.year.currentData())
        self._found = self._context.desk.indicators.rows([year - place for place in range(_BEFORE + 1)])
        self._shown.clear()
        self._show_lines()
        entered = len(self._context.desk.indicators.of_year(year))
        self._said.setText(
            tr(
                "{n} of {all} {all:figure|figures} entered for {year}. Each one keeps where it comes from.",
                n=entered,
                all=len(self._found),
                year=year,
            )
        )
        self._save.setEnabled(False)

    def _show_lines(self) -> None:
        """Show the year in the lines that are on the page and do not show it yet."""
        if not self._found:
            return
        year = int(self.year.currentData())
        self._showing = True
        for found in self._found:
            line = self._lines.get(found.indicator.key)
            if line is not None and found.indicator.key not in self._shown:
                self._shown.add(found.indicator.key)
                line.show(found, year)
        self._showing = False
        for far, near in self._heads:
            far.setText(str(year - 2))
            near.setText(str(year - 1))

    def _on_typed(self, _value: object) -> None:
        if not self._showing:
            self._modified = True
            self._save.setEnabled(True)

    def _on_year(self) -> None:
        if self._modified:
            self._context.messages.tell(say("Save these figures first."), "warn")
            return
        self._show()

    def _on_count(self) -> None:
        counted = self._context.desk.indicators.counted(int(self.year.currentData()))
        if not counted:
            self._context.messages.tell(say("Only this year's figures can be counted from the files."), "warn")
            return
        for key, value in counted.items():
            self.lines[key].put(value)
            self.lines[key].source.show_value(tr("counted from the household files"))
            self.lines[key].value.edited.emit(value)

    def _on_print(self) -> None:
        if self.may_leave():
            self._context.navigator.go("papers", kind="village_figures", year=self.year.currentData())
