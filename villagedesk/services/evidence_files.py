"""Photographs, scans and PDFs attached to a record or to one figure of it (DOMAIN §4.2, §8.7; DESIGN §5.3)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from sqlalchemy import Connection, select

from villagedesk.drafts.attachment import AttachmentDraft
from villagedesk.errors import Problem, Refused, Unreadable
from villagedesk.records.load import load, load_where
from villagedesk.records.schema import RECORDS
from villagedesk.services import pictures
from villagedesk.services.site import Site
from villagedesk.store import sealed
from villagedesk.store.work import Change
from villagedesk.text import say

PHOTO, SCAN = "photo", "scan"
_NO_SUBJECT = frozenset({"attachment", "village"})


class Evidence:
    """What proves the figures of a village."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def attach(
        self,
        subject_id: str,
        field: str,
        source: Path | bytes,
        title: str,
        taken_on: date | None = None,
        *,
        kind: str = PHOTO,
    ) -> Change:
        """Keep a file, sealed, with the record ``subject_id`` or its figure ``field`` ("" for the whole record).

        Raises Refused for what :func:`villagedesk.services.pictures.prepare` refuses, an unknown record, a day ahead,
        or a file that hangs there already; Unreadable when the file cannot be read.
        """
        if taken_on and taken_on > self._site.today():
            raise Refused([Problem(say("The picture is dated in the future. Correct the date."), "taken_on")])
        kept = pictures.prepare(_bytes_of(source))
        with self._site.store.read() as connection:
            self._demand_subject(connection, subject_id)
        digest = sealed.seal(self._folder, kept.data, self._site.key)
        with self._site.store.work("evidence.attach", title) as work:
            if work.rows("attachment", subject_id=subject_id, field=field, digest=digest):
                raise Refused(say("This file is attached there already."))
            draft = AttachmentDraft(
                digest=digest,
                kind=kind,
                media_type=kept.media_type,
                size=len(kept.data),
                subject_id=subject_id,
                field=field,
                taken_on=taken_on,
                title=title.strip(),
            )
            work.put_draft("attachment", self._site.village, draft, new_id=self._site.store.ids())
        return work.change

    def of(self, subject_id: str, field: str | None = None) -> tuple[AttachmentDraft, ...]:
        """What is attached to a record, or to one figure of it, in order of attaching."""
        table = RECORDS["attachment"].table
        wanted = [table.c.subject_id == subject_id, *([] if field is None else [table.c.field == field])]
        with self._site.store.read() as connection:
            return tuple(load_where(connection, "attachment", *wanted).values())

    def of_all(self, subject_ids: Sequence[str]) -> tuple[AttachmentDraft, ...]:
        """What is attached to several records, in order of attaching."""
        with self._site.store.read() as connection:
            table = RECORDS["attachment"].table
            return tuple(load_where(connection, "attachment", table.c.subject_id.in_(subject_ids)).values())

    def read(self, attachment_id: str) -> bytes:
        """The kept file. Raises Refused when it was removed, Unreadable when it is damaged."""
        return sealed.unseal(self._folder, self._get(attachment_id).digest, self._site.key)

    def thumbnail(self, attachment_id: str) -> bytes:
        """A small JPEG of at most 256 pixels."""
        found = self._get(attachment_id)
        data = sealed.unseal(self._folder, found.digest, self._site.key)
        return pictures.thumbnail(data, found.media_type)

    def remove(self, attachment_id: str, reason: str) -> Change:
        """Take an attachment off its record; who did it and why stays in the history."""
        self._get(attachment_id)
        with self._site.store.work("evidence.remove", reason) as work:
            work.remove("attachment", attachment_id)
        return work.change

    @property
    def _folder(self) -> Path:
        return self._site.folder / "attachments"

    def _get(self, attachment_id: str) -> AttachmentDraft:
        with self._site.store.read() as connection:
            found = load(connection, "attachment", [attachment_id])
        if not found:
            raise Refused(say("This attachment is not in the desk any more."))
        attachment: AttachmentDraft = found[attachment_id]
        return attachment

    def _demand_subject(self, connection: Connection, subject_id: str) -> None:
        for kind, record in RECORDS.items():
            here = (record.table.c.id == subject_id, record.table.c.removed.is_(False))
            if kind not in _NO_SUBJECT and connection.execute(select(record.table.c.id).where(*here)).first():
                return
        raise Refused([Problem(say("Save the form first, then attach what proves it."), "subject_id")])


def _bytes_of(source: Path | bytes) -> bytes:
    """The file's bytes, never more than may be kept and one."""
    if isinstance(source, bytes):
        return source
    try:
        with source.open("rb") as stream:
            return stream.read(pictures.LARGEST_BYTES + 1)
    except OSError as error:
        text = say("“{file}” cannot be read. Copy it to this computer and try again.", file=source.name)
        raise Unreadable(text) from error
