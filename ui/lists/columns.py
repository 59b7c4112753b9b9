"""The columns a list can show, and under which path each goes into a saved list."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from ui.households.words import label_of, value_word
from ui.tables import Column
from villagedesk.policy.codes import CodeBook


class Listed(Protocol):
    """A row that knows its record."""

    @property
    def id(self) -> str:
        """The record."""
        ...


R = TypeVar("R", bound=Listed)

Values = Callable[[str], Mapping[str, Any]]
"""Record id → the values of the further columns that are shown."""


@dataclass(frozen=True)
class ListColumn(Generic[R]):
    """A column by its key; ``path`` is where a saved list takes it from."""

    key: str
    column: Column[R]
    path: str


def further(record: str, keys: Sequence[str], codes: CodeBook, values: Values) -> list[ListColumn[Any]]:
    """Columns that show fields of the record which its row does not hold."""
    return [ListColumn(key, _further(key, codes, values), f"{record}.{key}") for key in keys]


def _further(key: str, codes: CodeBook, values: Values) -> Column[Any]:
    def show(row: Listed) -> str:
        value = values(row.id).get(key)
        return "" if value in (None, "", ()) else value_word(key, value, codes)

    return Column(label_of(key), show, 9)
