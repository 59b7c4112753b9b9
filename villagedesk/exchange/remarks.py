"""Remarks on a roster, gathered by kind: one sentence for a thousand lines, not a thousand sentences."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from types import MappingProxyType

from villagedesk.text import Text, say

_SHOWN = 10
_KINDS: Mapping[str, Text] = MappingProxyType(
    {
        "household_differs": say("Rows of one household differ; the first row was taken"),
        "persons_differ": say("The number of persons does not equal the rows of the household"),
        "head_differs": say("The head named in the row is not the head of the household"),
        "no_id_number": say("Persons without an ID number were taken"),
        "provisional": say("Provisional ID numbers (999999…) were taken; replace them when the card is there"),
        "sex_differs": say("The sex contradicts the ID number; it was taken as written"),
        "birth_differs": say("The birth date contradicts the ID number; it was taken as written"),
        "private_character": say("Names hold characters that no standard knows; type them again"),
        "not_a_row": say("Lines without household number, name and ID number were passed over"),
    }
)


class Remarks:
    """Lines by kind of remark, in one sheet."""

    def __init__(self) -> None:
        self._lines: dict[str, list[int]] = defaultdict(list)

    def add(self, kind: str, line: int) -> None:
        """Remember that a line calls for a remark; the same line counts once."""
        lines = self._lines[kind]
        if not lines or lines[-1] != line:
            lines.append(line)

    def texts(self) -> tuple[Text, ...]:
        """One sentence a kind, with the number of lines and the first of them."""
        return tuple(
            say(
                "{remark}: {count} (lines {lines}{more}).",
                remark=_KINDS[kind],
                count=len(lines),
                lines=", ".join(map(str, lines[:_SHOWN])),
                more="…" if len(lines) > _SHOWN else "",
            )
            for kind, lines in self._lines.items()
        )
