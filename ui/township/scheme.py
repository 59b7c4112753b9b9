"""How a village's exits are signed: fixed once by the township (DESIGN §6)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QButtonGroup, QVBoxLayout, QWidget

from ui.choice import Choice
from ui.context import HubContext
from ui.page import button, card, label, row, scrolled
from ui.settings.scheme import SchemeDialog
from villagedesk.errors import VillageDeskError
from villagedesk.policy.own_scheme import draft_of, scheme_problems
from villagedesk.text import say, tr

if TYPE_CHECKING:
    from villagedesk.policy.profile import Profile


class SchemeTab(QWidget):
    """The presets of the village's policy; the one fixed is ticked."""

    def __init__(self, context: HubContext, do: Callable[[Any, Callable[[], Any]], bool]) -> None:
        super().__init__()
        self._context = context
        self._do = do
        self._village = ""
        self._keys: tuple[str, ...] = ()
        self._choices = QButtonGroup(self)
        self._said = label("", "hint", wrap=True)
        self._lines = QVBoxLayout()
        self._fix = button(say("Fix this way of signing"), "ok", self._on_fix, kind="primary")
        self._edit = button(say("Edit a way of its own"), "plans", self._on_edit)
        self._profile: Profile | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        asked = card(self._said, self._lines, row(self._fix, self._edit), heading=tr("Who signs an exit"))
        column.addWidget(scrolled(asked), 1)

    def show_village(self, village: str) -> None:
        """Show the presets of this village's policy."""
        self._village = village
        for old in self._choices.buttons():
            self._choices.removeButton(old)
        while (item := self._lines.takeAt(0)) is not None:
            if (gone := item.widget()) is not None:
                gone.deleteLater()
        try:
            profile = self._context.hub.review.profile(village)
        except VillageDeskError as error:
            self._said.setText(str(error))
            self._fix.setEnabled(False)
            self._edit.setEnabled(False)
            return
        self._show(profile)

    def _show(self, profile: Profile) -> None:
        self._profile = profile
        self._fix.setEnabled(True)
        self._edit.setEnabled(True)
        self._keys = tuple(profile.signoff.presets)
        self._said.setText(
            tr(
                "The documents name “{name}” and do not say who signs. What is fixed here goes to the village with "
                "its next reply; cases signed so far keep theirs.",
                name=profile.signoff.name,
            )
        )
        for number, preset in enumerate(profile.signoff.presets.values()):
            signers = "、".join(role.title for role in preset.roles.values())
            choice = Choice(preset.title, signers)
            self._choices.addButton(choice.button, number)
            self._lines.addWidget(choice)
            choice.button.setChecked(self._keys[number] == profile.signoff.preset)

    def _on_edit(self) -> None:
        """Edit the way that is ticked, or the one in force, and fix the outcome for this village."""
        profile = self._profile
        if profile is None:
            return
        number = self._choices.checkedId()
        start = draft_of(profile, self._keys[number] if number >= 0 else profile.signoff.preset)
        dialog = SchemeDialog(profile, replace(start, title=""), partial(scheme_problems, profile), self)
        if not self._context.messages.show_dialog(dialog):
            return
        draft = dialog.draft
        reason = self._context.messages.ask_line(say("By which letter or meeting is this fixed?"))
        if reason:
            acts, today = self._context.hub.acts, self._context.hub.review.today()
            verb = partial(acts.confirm_own_scheme, self._village, draft, today, reason)
            self._do(say("Fixed. The village gets it with its next reply."), verb)

    def _on_fix(self) -> None:
        number = self._choices.checkedId()
        reason = (
            self._context.messages.ask_line(say("By which letter or meeting is this fixed?")) if number >= 0 else ""
        )
        if reason:
            acts, today = self._context.hub.acts, self._context.hub.review.today()
            verb = partial(acts.confirm_scheme, self._village, self._keys[number], today, reason)
            self._do(say("Fixed. The village gets it with its next reply."), verb)
