"""What the window remembers between two days: its place, columns, last desk, language, look. Nothing personal."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings

_LAST_DESKS = 6


class Remembered:
    """Settings of this user on this machine, in the user's own configuration folder."""

    def __init__(self, file: Path | None = None) -> None:
        self._settings = (
            QSettings(str(file), QSettings.Format.IniFormat)
            if file
            else QSettings(QSettings.Format.IniFormat, QSettings.Scope.UserScope, "VillageDesk", "villagedesk")
        )

    def word(self, key: str, default: str = "") -> str:
        """A remembered word."""
        value = self._settings.value(key, default)
        return value if isinstance(value, str) else default

    def number(self, key: str, default: int) -> int:
        """A remembered number."""
        try:
            return int(self.word(key, str(default)))
        except ValueError:
            return default

    def state(self, key: str) -> QByteArray:
        """A remembered state of a window, splitter or table head; empty when there is none."""
        value = self._settings.value(key)
        return value if isinstance(value, QByteArray) else QByteArray()

    def keep(self, key: str, value: str | int | QByteArray) -> None:
        """Remember ``value``."""
        self._settings.setValue(key, str(value) if isinstance(value, int) else value)

    def desks(self) -> tuple[Path, ...]:
        """The desks opened lately, the last one first, as far as they are still there."""
        paths = [Path(line) for line in self.word("desks").split("\n") if line]
        return tuple(path for path in paths if path.exists())

    def keep_desk(self, path: Path) -> None:
        """Put ``path`` first among the desks opened lately."""
        paths = [path.resolve(), *(p for p in self.desks() if p != path.resolve())]
        self.keep("desks", "\n".join(str(p) for p in paths[:_LAST_DESKS]))
