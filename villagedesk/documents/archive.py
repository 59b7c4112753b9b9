"""The archive form of files that hold others' pages, such as scans: PDF/A-2b (ISO 19005-2, DOMAIN §8.6).

Papers are written in this form at once (:mod:`.writer`).
"""

from __future__ import annotations

import zlib
from datetime import datetime
from functools import lru_cache
from io import BytesIO

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, String

from villagedesk import resources
from villagedesk.documents.furniture import CHINA
from villagedesk.documents.properties import PRODUCER, pdf_date, xmp_packet


def to_archive(pdf: bytes, title: str, made_at: datetime) -> bytes:
    """The same pages as PDF/A-2b. ``made_at`` is aware; the result depends on nothing but the arguments."""
    made = made_at.astimezone(CHINA).replace(microsecond=0)
    with Pdf.open(BytesIO(pdf)) as document:
        document.Root.OutputIntents = Array([_intent(document)])
        document.Root.Metadata = _metadata(document, xmp_packet(title, made))
        document.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True, PrintScaling=Name.None_)
        _rewrite_docinfo(document, title, made)
        stream = BytesIO()
        # The writer has compressed what is large; compressing again would take most of the time, and the metadata
        # of an archive file stays readable as it is.
        document.save(
            stream,
            force_version="1.7",
            deterministic_id=True,
            compress_streams=False,
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
        )
    return stream.getvalue()


@lru_cache
def _profile() -> bytes:
    return zlib.compress(resources.path("fonts", "sRGB.icc").read_bytes(), 9)


def _intent(document: Pdf) -> Dictionary:
    profile = document.make_stream(b"")
    profile.write(_profile(), filter=Name.FlateDecode)
    profile.N = 3
    return Dictionary(Type=Name.OutputIntent, S=Name.GTS_PDFA1, OutputConditionIdentifier=String("sRGB IEC61966-2.1"),
                      Info=String("sRGB IEC61966-2.1"), DestOutputProfile=profile)  # fmt: skip


def _metadata(document: Pdf, packet: bytes) -> pikepdf.Stream:
    stream = document.make_stream(packet)
    stream.Type, stream.Subtype = Name.Metadata, Name.XML
    return stream


def _rewrite_docinfo(document: Pdf, title: str, made: datetime) -> None:
    for key in list(document.docinfo.keys()):
        del document.docinfo[key]
    date = pdf_date(made)
    for key, value in (("Title", title), ("Producer", PRODUCER), ("Creator", PRODUCER), ("CreationDate", date),
                       ("ModDate", date)):  # fmt: skip
        document.docinfo[Name("/" + key)] = String(value)
