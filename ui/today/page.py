"""The first page: what hangs, what waits, what to do next. An empty desk says how to begin."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from ui import style
from ui.context import Context
from ui.fields.columns import Columns
from ui.icons import drawing
from ui.notices.words import state_word
from ui.page import Page, button, card, label, scrolled
from ui.pages import DESK, kind_of
from ui.recent import Recent
from ui.today.worklist import WorkListCard
from ui.unfinished import NEW, kept
from ui.years import working_year
from villagedesk.text import Text, say, tr

if TYPE_CHECKING:
    from villagedesk.desk import Desk
    from villagedesk.services.exits import ExitRow
    from villagedesk.services.lists import DeskStatus, Waiting
    from villagedesk.services.notices import NoticeRow
    from villagedesk.store.lists import HouseholdRow
    from villagedesk.values import Step

_WEEKDAYS = (
    say("Monday"), say("Tuesday"), say("Wednesday"), say("Thursday"), say("Friday"), say("Saturday"), say("Sunday"),
)  # fmt: skip


_FIRST_STEPS: tuple[tuple[str, Text, Text, str], ...] = (
    (
        "import",
        say("Import last year's list"),
        say("Excel or CSV as it came; nobody has to be typed a second time."),
        "import",
    ),
    (
        "findings",
        say("Run the findings"),
        say("See what the township would ask back, and mend it first."),
        "findings",
    ),
    (
        "notices",
        say("Print the first notice"),
        say("Right days, right totals, nothing on it that must not be there."),
        "exits",
    ),
)


_LARGE = 22  # pixels of a letter; above it the figures would fill the first screen, and what waits comes first
_URGENCY = ("problem", "warn", "accent", "ok")
"""The tones of a task, the first one first."""


@dataclass(frozen=True)
class Task:
    """One line of what waits: its sign, its words, where it leads."""

    sign: str
    tone: str
    text: str
    page: str
    place: tuple[tuple[str, Any], ...] = ()


@dataclass(frozen=True)
class Now:
    """How the desk stands; ``number`` says which asking it answers."""

    number: int
    status: DeskStatus
    notices: tuple[NoticeRow, ...] = ()
    year: int = 0
    exits: tuple[ExitRow, ...] = ()
    changed: tuple[HouseholdRow, ...] = ()


def _now(desk: Desk, number: int, _step: Step) -> Now:
    status = desk.lists.status()
    if not status.households:
        return Now(number, status)
    year = working_year(desk)
    changed = tuple(desk.lists.households(None, "changed", limit=6).rows)
    return Now(number, status, desk.notices.all(), year, desk.exits.of_year(year), changed)


class TodayPage(Page):
    """Figures above, tasks below, the files opened lately at the side."""

    def __init__(self, context: Context) -> None:
        super().__init__("")
        self._context = context
        self._inner: QWidget | None = None
        self._asked = 0
        self._go_on = button(say("Go on"), "forward", self._on_go_on)
        self.add_button(self._go_on)
        context.changes.changed.connect(self._on_changed)

    def show_place(self, **_place: Any) -> None:
        """Show how things stand."""
        today = self._context.desk.site.today()
        village = self._context.desk.team.village()
        weekday = str(_WEEKDAYS[today.weekday()])
        self.retitle(
            tr("{village}: today", village=village.name), tr("{day}, {weekday}", day=today.isoformat(), weekday=weekday)
        )
        self._show_last()
        self._asked += 1
        self._context.jobs.store(say("Today"), partial(_now, self._context.desk, self._asked), self._on_now)

    def _show_last(self) -> None:
        """The way back to where the user was, last week too."""
        last = self._context.remembered.word("last/today")
        self._go_on.setVisible(DESK.has(last))
        if DESK.has(last):
            self._go_on.setText(tr("Go on: {page}", page=DESK.kind_of(last).title))

    def _on_go_on(self) -> None:
        self._go(self._context.remembered.word("last/today"))

    def _on_now(self, now: Now) -> None:
        if now.number != self._asked:
            return
        if self._inner is not None:
            self.column.removeWidget(self._inner)
            self._inner.deleteLater()
        self._inner = scrolled(*(self._working(now) if now.status.households else self._first_steps()))
        self.column.addWidget(self._inner, 1)
        self._inner.show()
        if self.hasFocus() and not now.status.households:
            self.take_cursor()

    def _working(self, now: Now) -> Iterator[QWidget]:
        desk, status = self._context.desk, now.status
        hanging = [row for row in now.notices if row.hangs]
        tiles: list[tuple[QWidget, int]] = []
        terms = desk.profile.terms
        for figure, words, page in (
            (str(status.households), tr("{word} on file", word=terms.household), "households"),
            (str(status.members), tr("persons"), "households"),
            (str(len(now.exits)), tr("{exit} in {year}", exit=terms.exit, year=now.year), "exits"),
            (str(len(hanging)), tr("{notice} on the board", notice=terms.notice), "notices"),
            (str(status.waiting.unsent), tr("changes not sent"), "exchange"),
        ):
            tiles.append((self._tile(figure, words, page), 1))
        holder = QWidget()
        columns = Columns(tiles, len(tiles))
        columns.setContentsMargins(0, 0, 0, 0)
        holder.setLayout(columns)
        first = style.letters() <= _LARGE
        if first:
            yield holder
        lines = QVBoxLayout()
        for task in self._tasks(now):
            lines.addWidget(self._task(task))
        due = WorkListCard(self._context)
        yield due.late
        yield card(lines, heading=tr("Waiting for you"))
        yield due
        if not first:
            yield holder
        yield from self._opened_lately()
        yield self._recent(now.changed)

    def _tasks(self, now: Now) -> Iterator[Task]:
        found = [*_notice_tasks(now.notices), *self._exit_tasks(now.exits), *self._desk_tasks(now.status.waiting)]
        found.sort(key=lambda task: _URGENCY.index(task.tone))
        yield from found
        if not found:
            yield Task("ok", "ok", tr("Nothing waits. Run the findings before the township does."), "findings")

    def _exit_tasks(self, rows: tuple[ExitRow, ...]) -> Iterator[Task]:
        desk = self._context.desk
        effect = desk.exits.procedure.effect
        ready = sum(any(step.open and effect(step.to) != "back" for step in row.steps) for row in rows)
        if ready:
            words = desk.profile.terms.planned_exit_household
            text = tr("{n} {households}: the next step is open", n=ready, households=words)
            yield Task("exits", "accent", text, "exits")

    def _desk_tasks(self, waiting: Waiting) -> Iterator[Task]:
        for key, draft in kept(self._context.desk).items():
            name = draft.head.name if draft.head else draft.no
            place = (("household_id", "" if key == NEW else key),)
            yield Task("mend", "warn", tr("Not saved yet: the household file of {name}", name=name), "household", place)
        if waiting.conflicts:
            yield Task(
                "conflict", "problem", tr("{n} {n:conflict|conflicts} to decide", n=waiting.conflicts), "conflicts"
            )
        if waiting.unconfirmed:
            text = tr(
                "{n} {n:point of the policy waits|points of the policy wait} for the township's word",
                n=waiting.unconfirmed,
            )
            yield Task("settings", "warn", text, "settings", (("field", "policy"),))

    def _opened_lately(self) -> Iterator[QWidget]:
        rows = Recent(self._context.desk, DESK).rows(6)
        lines = QVBoxLayout()
        lines.setSpacing(0)
        for each in rows:
            slot = partial(self._go, each.page, household_id=each.household_id)
            lines.addWidget(button(each.text, kind_of(each.page).sign, slot, kind="link"))
        if rows:
            yield card(lines, heading=tr("Opened lately"))

    def _recent(self, changed: Sequence[HouseholdRow]) -> QWidget:
        lines = QVBoxLayout()
        lines.setSpacing(0)
        for row in changed:
            text = tr("{head}    {group}    No. {no}", head=row.head or "—", group=row.group, no=row.no)
            lines.addWidget(
                button(
                    text,
                    "households",
                    partial(self._go, "household", household_id=row.id),
                    kind="link",
                )
            )
        return card(lines, heading=tr("Changed lately"))

    def _first_steps(self) -> Iterator[QWidget]:
        lines = QVBoxLayout()
        for number, (sign, title, about, page) in enumerate(_FIRST_STEPS, 1):
            slot = partial(self._go, page)
            line = QHBoxLayout()
            line.addWidget(label(str(number), "figure"))
            words = QVBoxLayout()
            words.addWidget(label(str(title), "heading"))
            words.addWidget(label(str(about), "hint", wrap=True))
            line.addLayout(words, 1)
            step = button(title, sign, slot, kind="primary" if number == 1 else "")
            step.setProperty("main", True)
            line.addWidget(step)
            lines.addLayout(line)
        yield card(lines, heading=tr("Ten minutes to the first notice"))

    def _tile(self, figure: str, words: str, page: str) -> QWidget:
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addWidget(label(figure, "figure"))
        column.addWidget(button(words, "", partial(self._go, page), kind="link"))
        return card(column)

    def _task(self, task: Task) -> QWidget:
        made = QFrame()
        line = QHBoxLayout(made)
        line.setContentsMargins(0, 0, 0, 0)
        picture = QLabel()
        unit = round(style.letters() * 1.3)
        picture.setPixmap(drawing(task.sign, getattr(style.tokens(), task.tone), unit))
        line.addWidget(picture)
        line.addWidget(label(task.text, wrap=True), 1)
        opens = button(say("Open"), "", partial(self._go, task.page, **dict(task.place)), kind="link")
        opens.setAccessibleName(tr("Open: {text}", text=task.text))
        line.addWidget(opens)
        return made

    def _go(self, page: str, **place: Any) -> None:
        self._context.navigator.go(page, **place)

    def _on_changed(self, _change: object, _initiator: object) -> None:
        if self.isVisible():
            self.show_place()


def _notice_tasks(notices: tuple[NoticeRow, ...]) -> Iterator[Task]:
    for row in notices:
        if not row.done:
            tone = "problem" if row.open_objections else "warn" if row.over else "accent"
            text = tr("{title} {no}: {state}", title=row.title, no=row.notice.no, state=state_word(row))
            yield Task("notices", tone, text, "notices")
