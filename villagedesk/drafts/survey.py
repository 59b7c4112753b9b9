"""What was seen at a household by one of the scheme's lists, such as 四看 (GZ-4.1): words, no score and no order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class SurveyDraft:
    """One list of the scheme gone through at one household in one year."""

    id: str = ""
    revision: int = 0
    household_id: str = ""
    year: int = 0
    checklist: str = ""  # key of the pack's checklists
    seen_on: date | None = None
    seen_by: str = ""
    answers: tuple[str, ...] = ()  # one for each item of the list, in its order; what was seen, in plain words
    note: str = ""
