"""What the township answers: which files it took, held or refused and why, and what it now has of every laptop.

Only a receipt moves the mark of what has arrived (DESIGN §5.4); it travels as a document inside a reply.
"""

from __future__ import annotations

import re
import string
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Literal, get_args

from villagedesk.sync.invite import VILLAGE
from villagedesk.sync.keys import ID
from villagedesk.sync.untrusted import Fields, canonical, parse
from villagedesk.text import Text, say

RECEIPT = "receipt.json"
"""The name a receipt has among the documents of a reply."""

LISTS = "lists.json"
"""The document of a reply that names the persons whose files and lists of other offices differ."""

Status = Literal["accepted", "repeated", "held", "rejected"]

_MOST_FILES = 10_000
_MOST_TIPS = 10_000
_MOST_REMARKS = 20_000
_TIME = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?Z"


@dataclass(frozen=True)
class Tip:
    """The last revision of ``device`` that somebody holds: its number and hash (64 hex digits)."""

    device: str
    seq: int
    hash: str


@dataclass(frozen=True)
class FileVerdict:
    """What became of one file. ``sha256`` is its header's, ``reason`` is for people, None when all is well."""

    name: str
    sha256: str
    status: Status
    revisions: int
    reason: Text | None = None


@dataclass(frozen=True)
class ListRemark:
    """A person whose file and a list of another office differ; ``on_list``: the list has him. ``at``: when compared."""

    kind: str
    at: str
    member: str
    on_list: bool


@dataclass(frozen=True)
class Receipt:
    """The township's answer to a village. ``totals`` are the hub's, ``sent_totals`` those of the last file it took.

    ``latest``: sender → the highest number of a file of his that came; one who was put back goes on above it.
    """

    village: str
    hub: str
    epoch: str
    files: tuple[FileVerdict, ...]
    have: tuple[Tip, ...]
    clock: datetime
    totals: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    sent_totals: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    latest: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))

    def to_json(self) -> bytes:
        """The document to put into a reply."""
        return canonical(
            {
                "v": 1,
                "village": self.village,
                "hub": self.hub,
                "epoch": self.epoch,
                "files": [_verdict_fields(file) for file in self.files],
                "have": tips_fields(self.have),
                "clock": time_text(self.clock),
                "totals": dict(self.totals),
                "sent_totals": dict(self.sent_totals),
                "latest": dict(self.latest),
            }
        )


def read_receipt(data: bytes) -> Receipt:
    """A receipt out of a reply. Raises Unreadable when it is damaged or of a newer kind."""
    raw = parse(data, say("The receipt in this reply is damaged. Ask the township for a new reply."))
    raw.demand_version(1)
    return Receipt(
        village=raw.matching("village", VILLAGE),
        hub=raw.matching("hub", ID),
        epoch=raw.matching("epoch", ID),
        files=tuple(_verdict(file) for file in raw.each("files", _MOST_FILES)),
        have=read_tips(raw, "have"),
        clock=read_time(raw, "clock"),
        totals=MappingProxyType(raw.numbers("totals")),
        sent_totals=MappingProxyType(raw.numbers("sent_totals")),
        latest=MappingProxyType(raw.numbers("latest") if "latest" in raw else {}),
    )


def remarks_json(remarks: Iterable[ListRemark]) -> bytes:
    """The document about lists of other offices."""
    return canonical({"v": 1, "lists": [{**asdict(remark), "on_list": int(remark.on_list)} for remark in remarks]})


def read_remarks(data: bytes) -> tuple[ListRemark, ...]:
    """What a reply says of lists. Raises Unreadable when it is damaged."""
    raw = parse(data, say("The lists in this reply are damaged. Ask the township for a new reply."))
    raw.demand_version(1)
    return tuple(
        ListRemark(each.matching("kind", "[a-z_]{1,32}"), each.matching("at", _TIME), each.text("member"),
                   bool(each.number("on_list")))
        for each in raw.each("lists", _MOST_REMARKS)
    )  # fmt: skip


def tips_fields(tips: Iterable[Tip]) -> list[dict[str, str | int]]:
    """Tips as they stand inside a JSON document."""
    return [asdict(tip) for tip in tips]


def read_tips(raw: Fields, name: str) -> tuple[Tip, ...]:
    """Tips from a JSON document somebody sent."""
    return tuple(
        Tip(tip.matching("device", ID), tip.number("seq"), tip.octets("hash", 32).hex())
        for tip in raw.each(name, _MOST_TIPS)
    )


def time_text(time: datetime) -> str:
    """An aware time, in UTC, as ``2026-11-23T08:00:00Z``."""
    return time.astimezone(UTC).isoformat().replace("+00:00", "Z")


def read_time(raw: Fields, name: str) -> datetime:
    """A time from a JSON document somebody sent."""
    try:
        return datetime.fromisoformat(raw.matching(name, _TIME))
    except ValueError:
        raw.refuse()


def _verdict_fields(file: FileVerdict) -> dict[str, object]:
    fields: dict[str, object] = {
        "name": file.name,
        "sha256": file.sha256,
        "status": file.status,
        "revisions": file.revisions,
    }
    if file.reason is not None:
        fields["reason"] = {"text": file.reason.source, "fields": dict(file.reason.fields)}
    return fields


def _verdict(raw: Fields) -> FileVerdict:
    status = next((word for word in _STATUSES if word == raw.text("status")), None) or raw.refuse()
    return FileVerdict(
        name=raw.text("name"),
        sha256=raw.octets("sha256", 32).hex(),
        status=status,
        revisions=raw.number("revisions"),
        reason=_reason(raw.within("reason")) if "reason" in raw else None,
    )


_COUNTED = re.compile(r"[^{}|]{1,60}\|[^{}|]{1,60}")
_STATUSES: Sequence[Status] = get_args(Status)


def _reason(raw: Fields) -> Text:
    """A sentence of the other side, to be shown in the reader's language.

    It is a format string somebody else wrote: only plain ``{name}`` with a value of that name is let through, and two
    words to choose from by number, ``{n:day|days}``.
    """
    source, fields = raw.long_text("text", 1000), raw.plain("fields")
    try:
        wanted = [(name, spec, turn) for _, name, spec, turn in string.Formatter().parse(source) if name is not None]
    except ValueError:
        raw.refuse()
    if any(name not in fields or turn or (spec and not _COUNTED.fullmatch(spec)) for name, spec, turn in wanted):
        raw.refuse()
    return Text(source, MappingProxyType(fields))
