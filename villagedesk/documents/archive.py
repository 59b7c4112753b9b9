"""The archive form of files that hold others' pages, such as scans: PDF/A-2b (ISO 19005-2, DOMAIN §8.6).

Papers are written in this form at once (:mod:`.writer`).
"""

from __future__ import annotations

import html
import zlib
from datetime import datetime
from functools import lru_cache
from io import BytesIO

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, String

from villagedesk import resources
from villagedesk.documents.furniture import CHINA

PRODUCER = "VillageDesk"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_SCHEMAS = {
    "pdfaid": (
        "http://www.aiim.org/pdfa/ns/id/",
        "<pdfaid:part>2</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>",
    ),
    "dc": (
        "http://purl.org/dc/elements/1.1/",
        "<dc:title><rdf:Alt><rdf:li xml:lang='x-default'>{title}</rdf:li></rdf:Alt></dc:title>",
    ),
    "xmp": (
        "http://ns.adobe.com/xap/1.0/",
        (
            "<xmp:CreateDate>{made}</xmp:CreateDate><xmp:ModifyDate>{made}</xmp:ModifyDate>"
            "<xmp:CreatorTool>{producer}</xmp:CreatorTool>"
        ),
    ),
    "pdf": ("http://ns.adobe.com/pdf/1.3/", "<pdf:Producer>{producer}</pdf:Producer>"),
}


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


def xmp_packet(title: str, made: datetime) -> bytes:
    """What the file says of itself, one description a schema: validators reject other arrangements."""
    words = {"title": html.escape(title, quote=False), "made": made.isoformat(), "producer": PRODUCER}
    body = "".join(
        f"<rdf:Description rdf:about='' xmlns:{prefix}='{address}'>{text.format_map(words)}</rdf:Description>"
        for prefix, (address, text) in _SCHEMAS.items()
    )
    packet = (f"<?xpacket begin='\ufeff' id='W5M0MpCehiHzreSzNTczkc9d'?><x:xmpmeta xmlns:x='adobe:ns:meta/'>"
              f"<rdf:RDF xmlns:rdf='{_RDF}'>{body}</rdf:RDF></x:xmpmeta><?xpacket end='w'?>")  # fmt: skip
    return packet.encode()


def _metadata(document: Pdf, packet: bytes) -> pikepdf.Stream:
    stream = document.make_stream(packet)
    stream.Type, stream.Subtype = Name.Metadata, Name.XML
    return stream


def pdf_date(made: datetime) -> str:
    """An aware time as a PDF's properties write it."""
    offset = made.strftime("%z")
    return f"D:{made:%Y%m%d%H%M%S}{offset[:3]}'{offset[3:]}'"


def _rewrite_docinfo(document: Pdf, title: str, made: datetime) -> None:
    for key in list(document.docinfo.keys()):
        del document.docinfo[key]
    date = pdf_date(made)
    for key, value in (("Title", title), ("Producer", PRODUCER), ("Creator", PRODUCER), ("CreationDate", date),
                       ("ModDate", date)):  # fmt: skip
        document.docinfo[Name("/" + key)] = String(value)
