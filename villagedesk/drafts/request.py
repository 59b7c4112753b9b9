"""Who asked the village for which form, when, and how much of it was in the desk already (N-10.3, JS-9.2, JS-9.6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class DataRequestDraft:
    """One request for figures, as proof of how many there are and how much had to be asked again."""

    id: str = ""
    revision: int = 0
    asked_on: date | None = None
    asked_by: str = ""  # office
    form: str = ""  # what it wants filled in
    basis: str = ""  # number of the paper it rests on, "" when none was named
    due_on: date | None = None
    figures: int | None = None  # how many figures it asks for
    reused: int | None = None  # how many of them came out of the desk as they were
    answered_on: date | None = None
    report: str = ""  # key of the report that answered it
    note: str = ""
