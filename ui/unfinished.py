"""Typing that is not saved yet, kept in the encrypted desk so that a power cut takes at most a second of it.

Offered back when the file is opened again; kept on this machine only, never sent.
"""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer

from ui.binding import Binder
from villagedesk.drafts.household import HouseholdDraft

if TYPE_CHECKING:
    from villagedesk.desk import Desk

NEW = "new"  # stands for the id of a file that was never saved

_SETTING = "unfinished"
_REST = 1_000  # milliseconds after the last key


def kept(desk: Desk) -> Mapping[str, HouseholdDraft]:
    """The unfinished household files, by id (or :data:`NEW`)."""
    stored: Mapping[str, Any] = desk.site.store.setting(_SETTING, {})
    return {key: revive(HouseholdDraft, data) for key, data in stored.items()}


def revive(kind: type[Any], data: Mapping[str, Any]) -> Any:
    """A draft from its plain values; fields this program does not know are left out."""
    hints = typing.get_type_hints(kind)
    known = {field.name for field in dataclasses.fields(kind)}
    return kind(**{name: _value(hints[name], value) for name, value in data.items() if name in known})


def _value(hint: Any, value: Any) -> Any:
    inner = typing.get_args(hint)
    if value is None:
        return None
    if typing.get_origin(hint) is tuple:
        return tuple(_value(inner[0] if inner[-1] is Ellipsis else str, one) for one in value)
    if isinstance(hint, types.UnionType):
        return _value(next(one for one in inner if one is not types.NoneType), value)
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        return revive(hint, value)
    return date.fromisoformat(value) if hint is date else value


class Keeper(QObject):
    """Keeps what stands in one form, a moment after the last key."""

    def __init__(self, desk: Desk, binder: Binder[HouseholdDraft]) -> None:
        super().__init__(binder)
        self._desk = desk
        self._binder = binder
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST)
        self._rest.timeout.connect(self.keep)
        binder.changed.connect(self._on_changed)

    @property
    def waiting(self) -> bool:
        """Whether something was typed that is not kept yet."""
        return self._rest.isActive()

    def keep(self) -> None:
        """Keep the form as it stands, or forget it when there is nothing unsaved in it."""
        self._rest.stop()
        draft = self._binder.draft
        stored = dict(self._desk.site.store.setting(_SETTING, {}))
        before = dict(stored)
        stored.pop(draft.id or NEW, None)
        if self._binder.modified:
            stored[draft.id or NEW] = dataclasses.asdict(draft)
        if stored != before:
            self._desk.site.store.keep_setting(_SETTING, stored)

    def forget(self, key: str) -> None:
        """The typing was saved or dropped."""
        self._rest.stop()
        stored = dict(self._desk.site.store.setting(_SETTING, {}))
        if stored.pop(key, None) is not None:
            self._desk.site.store.keep_setting(_SETTING, stored)

    def _on_changed(self) -> None:
        if self._binder.modified:
            self._rest.start()
