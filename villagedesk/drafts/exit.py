"""An exit case, its evaluation meeting and its signatures as they are being recorded (DOMAIN §3, §5.3, §5.8)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class EvaluationDraft:
    """A village representatives' meeting (民主评议) that decides on every case of its agenda (§5.8)."""

    id: str = ""
    revision: int = 0
    year: int = 0
    matter: str = "exit.evaluate"  # procedure and step of the profile that rest on it
    subject_ids: tuple[str, ...] = ()  # the agenda: cases of that procedure
    state: str = "called"  # states of the profile's evaluation
    called_on: date | None = None
    held_on: date | None = None
    place: str = ""
    chair: str = ""
    recorder: str = ""
    due: int = 0  # persons who should attend
    present: int = 0
    minutes: str = ""
    signed_on: date | None = None  # chair and recorder signed the minutes
    returned_reason: str = ""


@dataclass(frozen=True, slots=True)
class SignatureDraft:
    """One mark made on paper by its person with ink; the program only records it (§8.6)."""

    id: str = ""
    revision: int = 0
    case_id: str = ""
    role: str = ""  # key of a signer of the scheme
    item: str = ""  # key of a confirmation; "" where one mark covers the row
    person: str = ""
    signed_on: date | None = None
    mark: str = "signature"  # signature | handprint | seal
    proxy: str = ""  # who signed in the person's place
    proxy_reason: str = ""
    scan: str = ""  # SHA-256 name of the scanned sheet
    confirmed_by: str = ""  # who looked at the scan


@dataclass(frozen=True, slots=True)
class CheckDraft:
    """What was found at the door about one exit criterion."""

    criterion: str = ""
    result: str = ""  # met | unmet | "" (as computed)
    evidence: str = ""
    checked_on: date | None = None
    checked_by: str = ""


@dataclass(frozen=True, slots=True)
class ExitDraft:
    """The exit of one household in one year. A failed attempt is kept, never deleted."""

    id: str = ""
    revision: int = 0
    household_id: str = ""
    year: int = 0
    attempt: int = 1
    profile: str = ""
    profile_version: int = 0
    scheme: str = ""  # sign-off scheme id and version, kept for ever
    state: str = "planned"  # states of the profile's exit procedure
    verified_on: date | None = None
    verified_by: str = ""
    evaluation_id: str = ""
    votes_for: int = 0
    votes_against: int = 0
    abstained: int = 0
    recused: str = ""  # names of relatives who were present but stepped out of this vote (回避), with 、 between
    evaluated_on: date | None = None
    household_answer: str = ""  # agrees | disagrees
    answered_on: date | None = None
    answer_reason: str = ""
    member_digest: str = ""  # digest of the member list at the first signature
    notice_id: str = ""
    reported_on: date | None = None
    township_reply: str = ""  # number of the township's reply
    replied_on: date | None = None
    announced_on: date | None = None
    marked_on: date | None = None
    returned_reason: str = ""
    checks: tuple[CheckDraft, ...] = ()
    signatures: tuple[SignatureDraft, ...] = ()

    @property
    def recused_count(self) -> int:
        """How many stepped out of the vote."""
        return len([name for name in re.split(r"[、，,;；\s]+", self.recused) if name])
