"""The policy the village works under, and the points the documents leave to the township."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtWidgets import QButtonGroup, QVBoxLayout, QWidget

from ui import style
from ui.context import Context
from ui.fields.wrapped import WrappedChoice
from ui.page import button, card, label, row, scrolled, set_tone
from ui.settings import points
from ui.settings.scheme import SchemeDialog
from ui.tables import Column, PagedTable, TableView
from ui.welcome.policy_step import explain
from villagedesk.policy.pack_steps import Preset
from villagedesk.policy.profile import OpenPoint, Profile
from villagedesk.text import say, tr


class PolicyTab(QWidget):
    """The policy in words, the sign-off scheme to be fixed, the points not confirmed."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._choices = QButtonGroup(self)
        self._standing = label("", tone="warn")
        self._presets = context.desk.profile.signoff.presets
        self.points = PagedTable[OpenPoint](_columns(context.desk.profile), self)
        table = TableView(self.points, tr("Points not confirmed"))
        table.setMinimumHeight(style.letters() * 14)
        words = explain(context.desk.profile)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, style.letters() // 2, 0, 0)
        column.addWidget(
            scrolled(
                card(label("\n\n".join(words.lines), wrap=True), heading=words.title),
                self._scheme_card(),
                card(table, heading=tr("Points the documents leave open")),
            )
        )

    def show_policy(self) -> None:
        """Show what is fixed now."""
        profile = self._context.desk.profile
        village = self._context.desk.team.village()
        self.points.show_rows(profile.unconfirmed)
        chosen = village.scheme or profile.signoff.preset
        confirmed = village.scheme and village.scheme_confirmed_on
        words = (
            tr("Fixed by the township on {day}.", day=str(village.scheme_confirmed_on))
            if confirmed
            else tr("Not confirmed by the township yet.")
        )
        self._standing.setText(words)
        set_tone(self._standing, "ok" if confirmed else "warn")
        for number, key in enumerate(self._presets):
            if key == chosen:
                self._choices.button(number).setChecked(True)

    def _scheme_card(self) -> QWidget:
        lines = QVBoxLayout()
        hint = tr(
            "The documents name “{name}” and do not say who signs. Let the township fix it once.",
            name=self._context.desk.profile.signoff.name,
        )
        lines.addWidget(label(hint, "hint", wrap=True))
        for number, preset in enumerate(self._presets.values()):
            choice = WrappedChoice(_words(preset))
            self._choices.addButton(choice, number)
            lines.addWidget(choice)
        fix = button(say("The township has fixed this"), "ok", self._on_fix, kind="primary")
        edit = button(say("The township signs in another way …"), "mend", self._on_edit)
        return card(self._standing, lines, row(fix, edit), heading=self._context.desk.profile.signoff.name)

    def _on_fix(self) -> None:
        desk, number = self._context.desk, self._choices.checkedId()
        if number < 0 or not self._context.messages.ask(
            say("Has the township fixed this way of signing?"), say("It has"),
            detail=say("It takes effect when the desk is opened the next time; cases signed so far keep theirs."),
        ):  # fmt: skip
            return
        key = list(self._presets)[number]
        self._do(lambda: desk.schemes.choose(key, desk.site.today(), tr("fixed by the township")))

    def _on_edit(self) -> None:
        desk, number = self._context.desk, self._choices.checkedId()
        key = list(self._presets)[number] if number >= 0 else desk.profile.signoff.preset
        draft = replace(desk.schemes.draft(key), title="")
        dialog = SchemeDialog(desk.profile, draft, desk.schemes.check, self)
        if self._context.messages.show_dialog(dialog):
            self._do(lambda: desk.schemes.fix(dialog.draft, desk.site.today(), tr("fixed by the township")))

    def _do(self, verb: Callable[[], Any]) -> None:
        with self._context.messages.telling():
            change = verb()
            self._context.tell_change(change, self)
            self.show_policy()
            self._context.messages.tell(say("Fixed. Lock the desk and open it again."), "ok")


def _words(preset: Preset) -> str:
    return tr("{title}: {signers}", title=preset.title, signers="、".join(role.title for role in preset.roles.values()))


def _columns(profile: Profile) -> Sequence[Column[OpenPoint]]:
    deciders = {"township": tr("township"), "county": tr("county"), "village": tr("village")}
    return (
        Column(say("Point"), lambda point: points.title(point, profile), 24, tip=lambda point: point.path),
        Column(say("Stands as"), lambda point: points.value(point, profile), 14),
        Column(say("Decided by"), lambda point: deciders.get(point.by, point.by), 8),
    )
