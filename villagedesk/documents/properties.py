"""What the archive form of a file says of itself: title, time and maker, once for people and once for machines."""

from __future__ import annotations

import html
from datetime import datetime

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


def pdf_date(made: datetime) -> str:
    """An aware time as a PDF's properties write it."""
    offset = made.strftime("%z")
    return f"D:{made:%Y%m%d%H%M%S}{offset[:3]}'{offset[3:]}'"
