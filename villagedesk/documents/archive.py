"""The archive form: PDF/A-2b (ISO 19005-2), so that a paper of today still opens in thirty years (DOMAIN §8.6)."""

from __future__ import annotations

import zlib
from datetime import datetime
from functools import lru_cache
from io import BytesIO
from xml.sax.saxutils import escape

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, String

from villagedesk import resources
from villagedesk.documents.furniture import CHINA

PRODUCER = "VillageDesk"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_SCHEMAS = {
    "pdfaid": (
        "http://www.aiim.org/pdfa/ns/id/",
        "<pdfaid:part>{part}</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>",
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


def to_archive(pdf: bytes, title: str, made_at: datetime, part: int = 2) -> bytes:
    """The same pages as PDF/A-``part``b. ``made_at`` is aware; the result depends on nothing but the arguments.

    Part 1 is written by tests only: it is the stricter one, and its validator can be had.
    """
    made = made_at.astimezone(CHINA).replace(microsecond=0)
    with Pdf.open(BytesIO(pdf)) as document:
        document.Root.OutputIntents = Array([_intent(document)])
        document.Root.Metadata = _metadata(document, title, made, part)
        document.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True, PrintScaling=Name.None_)
        _rewrite_docinfo(document, title, made)
        stream = BytesIO()
        # The writer has compressed what is large; compressing again would take most of the time, and the metadata
        # of an archive file stays readable as it is.
        document.save(
            stream,
            force_version="1.4" if part == 1 else "1.7",
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


def _metadata(document: Pdf, title: str, made: datetime, part: int) -> pikepdf.Stream:
    """XMP by hand, one description a schema: validators reject pikepdf's own arrangement."""
    words = {"part": part, "title": escape(title), "made": made.isoformat(), "producer": PRODUCER}
    body = "".join(
        f"<rdf:Description rdf:about='' xmlns:{prefix}='{address}'>{text.format_map(words)}</rdf:Description>"
        for prefix, (address, text) in _SCHEMAS.items()
    )
    packet = (f"<?xpacket begin='\ufeff' id='W5M0MpCehiHzreSzNTczkc9d'?><x:xmpmeta xmlns:x='adobe:ns:meta/'>"
              f"<rdf:RDF xmlns:rdf='{_RDF}'>{body}</rdf:RDF></x:xmpmeta><?xpacket end='w'?>")  # fmt: skip
    stream = document.make_stream(packet.encode())
    stream.Type, stream.Subtype = Name.Metadata, Name.XML
    return stream


def _rewrite_docinfo(document: Pdf, title: str, made: datetime) -> None:
    for key in list(document.docinfo.keys()):
        del document.docinfo[key]
    offset = made.strftime("%z")
    date = f"D:{made:%Y%m%d%H%M%S}{offset[:3]}'{offset[3:]}'"
    for key, value in (("Title", title), ("Producer", PRODUCER), ("Creator", PRODUCER), ("CreationDate", date),
                       ("ModDate", date)):  # fmt: skip
        document.docinfo[Name("/" + key)] = String(value)
