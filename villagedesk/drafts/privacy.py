"""What a person asks about the data kept on him or her (PIPL Art. 44–50, DOMAIN §8.1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class PersonRequestDraft:
    """A person wants to see, correct, or take out what is kept, or objects to a use of it."""

    id: str = ""
    revision: int = 0
    household_id: str = ""
    member_id: str = ""
    kind: str = ""  # person_request
    asked_on: date | None = None
    about: str = ""  # in the person's own words
    answer: str = ""
    answered_on: date | None = None
    answered_by: str = ""
