"""What is known of an attached photo or scan; the bytes lie sealed beside the store."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class AttachmentDraft:
    """A file attached to a record, or to one figure of it."""

    id: str = ""
    revision: int = 0
    digest: str = ""  # content address in the sealed folder
    kind: str = ""  # photo | scan | paper
    media_type: str = ""
    size: int = 0
    subject_id: str = ""
    field: str = ""  # the figure it proves, "" for the whole record
    taken_on: date | None = None
    title: str = ""
