"""What makes typing a new file quick and safe: a stop at doubles, what is carried forward, a draft after each field."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QFrame, QWidget
from shiboken6 import isValid

from ui.binding import Binder
from ui.context import Context
from ui.fields.choices import CodeField, Option
from ui.fields.lines import date_field
from ui.fields.rows import FieldRow, grid
from ui.page import card, label
from ui.unfinished import Keeper
from villagedesk.drafts.household import HouseholdDraft
from villagedesk.drafts.team import PairingDraft
from villagedesk.errors import Problem
from villagedesk.text import say, tr

_WHOLE = 18  # digits of an ID number


class Doubles(QObject):
    """Says beside the field, while it is typed, that the number or the person is in another file already."""

    def __init__(self, context: Context, binder: Binder[HouseholdDraft]) -> None:
        super().__init__(binder)
        self._context = context
        self._binder = binder
        binder.typed.connect(self._on_typed)

    def _on_typed(self, path: str) -> None:
        name = path.rpartition(".")[2]
        draft = self._binder.draft
        found: HouseholdDraft | None = None
        if path == "no" and draft.no:
            found = self._context.desk.households.with_number(draft.no, draft.id)
        elif name == "id_number" and path.startswith("members."):
            number = draft.members[int(path.split(".")[1])].id_number
            if len(number) >= _WHOLE:
                found = self._context.desk.households.with_person(number, draft.id)
        if found is not None:
            self._stop(path, found)

    def _stop(self, path: str, found: HouseholdDraft) -> None:
        head = found.head.name if found.head else "—"
        text = say("Already in household {no} ({head}).", no=found.no, head=head)
        self._binder.show_problems([Problem(text, path)])
        go = partial(self._context.navigator.go, "household", household_id=found.id)
        self._context.messages.tell(text, "warn", say("Open that file"), go)


class KeepOnLeave(QObject):
    """Keeps the draft whenever the cursor leaves a field, without waiting for a pause in typing."""

    def __init__(self, page: QWidget, keeper: Keeper) -> None:
        super().__init__(page)
        self._page = page
        self._keeper = keeper
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._on_focus)

    def _on_focus(self, old: QWidget | None, _new: QWidget | None) -> None:
        if old is not None and isValid(self._page) and self._keeper.waiting and self._page.isAncestorOf(old):
            self._keeper.keep()


class HelperCard(QObject):
    """Who helps the household, from which day; a new file begins with the helper of the one before."""

    def __init__(self, context: Context, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self._carried = ""
        self._helper = CodeField([])
        self._before = label("", "hint", wrap=True)
        self.binder = Binder(PairingDraft(), lambda _: (), self)
        rows = [FieldRow(str(context.desk.profile.terms.helper), self._helper),
                FieldRow(tr("Paired from"), date_field())]  # fmt: skip
        for path, row in zip(("helper_id", "starts_on"), rows, strict=True):
            self.binder.bind(path, row)
        self.widget: QFrame = card(grid(rows, 4), self._before, heading=tr("Pairing"))

    def show_household(self, household_id: str) -> None:
        """Show the pairing that runs, and those before."""
        team = self._context.desk.team
        helpers = {helper.id: helper for helper in team.helpers()}
        self._helper.offer([Option(each.id, f"{each.name}  {each.unit}".strip()) for each in helpers.values()])
        found = team.pairings(household_id) if household_id else ()
        running = next((each for each in found if each.ends_on is None), None)
        fresh = PairingDraft(helper_id="" if household_id else self._carried, starts_on=self._context.desk.site.today())
        self.binder.load(running or fresh)
        names = {each.id: each.name for each in helpers.values()}
        ended = [tr("{name}: {first} to {last}", name=names.get(each.helper_id, "—"), first=each.starts_on or "",
                    last=each.ends_on) for each in found if each.ends_on]  # fmt: skip
        self._before.setText("\n".join(ended))
        self._before.setVisible(bool(ended))

    def pair(self, household_id: str, tell: Callable[[object], object]) -> None:
        """Pair as chosen, unless that helper is paired already. Raises Refused."""
        chosen = self.binder.draft
        self._carried = chosen.helper_id
        team = self._context.desk.team
        running = next((each for each in team.pairings(household_id) if each.ends_on is None), None)
        if chosen.helper_id and (running is None or running.helper_id != chosen.helper_id):
            day = chosen.starts_on or self._context.desk.site.today()
            tell(team.pair(household_id, chosen.helper_id, day, tr("paired in the household form")))


def begun(before: HouseholdDraft) -> HouseholdDraft:
    """A new file, with what is the same as in the one typed before it: the group."""
    return replace(HouseholdDraft(), group=before.group)
