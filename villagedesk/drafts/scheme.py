"""A way of signing (五签字五确认) as the township edits it: signers, things confirmed, order (DOMAIN §3)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SignerDraft:
    """A role of the sheet, in the order of the chain."""

    key: str = ""  # "" for a new one
    title: str = ""
    level: str = "village"  # household | helper | group | village | team | township
    required: bool = True
    substitute: bool = False  # another may sign in its place, with a reason
    marks: tuple[str, ...] = ("signature", "handprint")  # mark kinds of the profile


@dataclass(frozen=True, slots=True)
class ConfirmationDraft:
    """An item of the sheet and what it rests on."""

    key: str = ""
    text: str = ""
    evidence: tuple[str, ...] = ()  # keys of the profile's evidence


@dataclass(frozen=True, slots=True)
class SchemeDraft:
    """A whole way of signing."""

    title: str = ""
    mode: str = "diagonal"  # diagonal: one signer, one item | full: each signer confirms each item
    signers: tuple[SignerDraft, ...] = ()
    items: tuple[ConfirmationDraft, ...] = ()
    batch_signer: str = ""  # who signs the list as a whole
    order: tuple[str, ...] = ()  # order rules that hold, hard ones and soft ones alike
    scan_required: bool = False
