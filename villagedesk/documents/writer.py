"""Pages become a PDF/A-2b (ISO 19005-2): the only module that writes the file format.

Content goes in page by page, so that a volume of a thousand pages needs no more memory than its bytes. Fonts go in
last, as one subset each with the glyphs that were used, numbered in the order of their first use; characters are
written as these numbers (Identity-H).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from functools import lru_cache

from isal import isal_zlib

from villagedesk import resources
from villagedesk.documents import fonts
from villagedesk.documents.furniture import CHINA
from villagedesk.documents.ink import Ink, Run, ink_of
from villagedesk.documents.marks import Page
from villagedesk.documents.properties import PRODUCER, pdf_date, xmp_packet
from villagedesk.documents.shaping import SHAPED

_CATALOG, _PAGES, _RESOURCES, _METADATA, _INFO, _PROFILE = range(1, 7)
_HEADER = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
_TAGS = str.maketrans("0123456789abcdef", "ABCDEFGHIJKLMNOP")


class UsedGlyphs(dict[str, str]):
    """The characters drawn so far with one font, and the number of each as it is written: four hex digits."""

    def __init__(self, role: str) -> None:
        super().__init__()
        self.font = fonts.face(role).font
        self.glyphs = [0]
        self.joined: dict[tuple[int, str], str] = {}

    def __missing__(self, char: str) -> str:
        number = f"{len(self.glyphs):04X}"
        self.glyphs.append(self.font.glyphs[char])
        self[char] = number
        return number

    def number_of(self, glyph: int, letters: str) -> str:
        """The number of a shaped glyph that stands for these letters."""
        if (glyph, letters) not in self.joined:
            self.joined[glyph, letters] = f"{len(self.glyphs):04X}"
            self.glyphs.append(glyph)
        return self.joined[glyph, letters]


class PdfWriter:
    """One file in the making: add pages, then finish. ``finish`` gives the same bytes for the same pages."""

    def __init__(self) -> None:
        self._parts: list[bytes] = [_HEADER]
        self._length = len(_HEADER)
        self._places: dict[int, int] = {}
        self._last = _PROFILE
        self._pages: list[int] = []
        self._outline: list[tuple[str, int]] = []
        self._used: dict[str, UsedGlyphs] = {}
        self._written: dict[tuple[str, str], tuple[tuple[str, str], ...]] = {}

    def add(self, page: Page, ink: Ink) -> None:
        """Write a page with its content."""
        content = ink.graphics + "".join(self._words(ink.runs))
        stream = self._stream(self._number(), "", content.encode("ascii"))
        number = self._number()
        self._object(number, f"<</Type/Page/Parent {_PAGES} 0 R/Resources {_RESOURCES} 0 R/MediaBox[0 0 "
                             f"{page.width:.4f} {page.height:.4f}]/Contents {stream} 0 R>>")  # fmt: skip
        self._pages.append(number)
        self._outline += ((title, number) for title in page.bookmarks)

    def finish(self, title: str, made_at: datetime) -> bytes:
        """Fonts, outline and what the file says of itself; ``title`` names the kind of paper, never a person.

        ``made_at`` is aware.
        """
        made = made_at.astimezone(CHINA).replace(microsecond=0)
        embedded = [f"/{role} {self._font(role, used)} 0 R" for role, used in self._used.items()]
        self._object(_RESOURCES, f"<</Font<<{''.join(embedded)}>>>>")
        kids = " ".join(f"{number} 0 R" for number in self._pages)
        self._object(_PAGES, f"<</Type/Pages/Count {len(self._pages)}/Kids[{kids}]>>")
        self._raw_stream(_METADATA, "/Type/Metadata/Subtype/XML", xmp_packet(title, made))
        self._raw_stream(_PROFILE, "/N 3/Filter/FlateDecode", _profile())
        outline = self._outline_tree()
        self._object(_INFO, f"<</Title{_text(title)}/Producer({PRODUCER})/Creator({PRODUCER})"
                            f"/CreationDate({pdf_date(made)})/ModDate({pdf_date(made)})>>")  # fmt: skip
        self._object(_CATALOG, f"<</Type/Catalog/Pages {_PAGES} 0 R/Lang(zh-CN)/Metadata {_METADATA} 0 R{outline}"
                               "/ViewerPreferences<</DisplayDocTitle true/PrintScaling/None>>/OutputIntents[<</Type"
                               "/OutputIntent/S/GTS_PDFA1/OutputConditionIdentifier(sRGB IEC61966-2.1)"
                               f"/Info(sRGB IEC61966-2.1)/DestOutputProfile {_PROFILE} 0 R>>]>>")  # fmt: skip
        self._cross_references()
        return b"".join(self._parts)

    def _words(self, runs: Iterable[Run]) -> Iterator[str]:
        """One text object: font and spacing are named when they change only."""
        font_now, spacing_now = ("", 0.0), 0.0
        yield "BT\n"
        for matrix, role, size, text, spacing in runs:
            if spacing != spacing_now:
                yield f"{spacing} Tc\n"
                spacing_now = spacing
            yield matrix + " Tm\n"
            if role in SHAPED:
                font_now = (role, size)
                yield f"/{role} {size:g} Tf\n{self._joined(text, role, size)}"
                continue
            for drawn_by, codes in self._written.get((text, role)) or self._write(text, role):
                if (drawn_by, size) != font_now:
                    font_now = (drawn_by, size)
                    yield f"/{drawn_by} {size:g} Tf\n"
                yield f"<{codes}> Tj\n"
        yield "ET\n"

    def _write(self, text: str, role: str) -> tuple[tuple[str, str], ...]:
        """Text as numbers of glyphs, run by run; kept, because forms say the same on every page."""
        runs = []
        for drawn_by, piece in fonts.runs(text, role):
            used = self._used.get(drawn_by) or self._used.setdefault(drawn_by, UsedGlyphs(drawn_by))
            runs.append((drawn_by, "".join(map(used.__getitem__, piece))))
        written = self._written[text, role] = tuple(runs)
        return written

    def _joined(self, text: str, role: str, size: float) -> str:
        """Shaped text: each glyph with what moves it from where the last one's width would put it."""
        used = self._used.get(role) or self._used.setdefault(role, UsedGlyphs(role))
        shown, rise = [], 0.0
        for glyph in fonts.shaped(text, role):
            own = used.font.advances[glyph.number] / used.font.units
            if glyph.y != rise:
                rise = glyph.y
                shown.append(f"] TJ {rise * size:.3f} Ts [")
            code = used.number_of(glyph.number, glyph.text)
            shown.append(f"{-glyph.x * 1000:.0f} <{code}> {(own + glyph.x - glyph.advance) * 1000:.0f} ")
        return f"[{''.join(shown)}] TJ\n{'0 Ts' if rise else ''}\n"

    def _font(self, role: str, used: UsedGlyphs) -> int:
        glyphs = used.font.closed(used.glyphs)
        name = f"{_tag(role, used)}+{fonts.catalogue()[role]['family'].replace(' ', '')}"
        widths = " ".join(f"{used.font.advances[glyph] * 1000 / used.font.units:g}" for glyph in glyphs)
        described, descendant, map_, font = (self._number() for _ in range(4))
        self._object(described, self._descriptor(name, used, glyphs))
        self._object(descendant, f"<</Type/Font/Subtype/CIDFontType2/BaseFont/{name}/CIDSystemInfo<</Registry(Adobe)"
                                 f"/Ordering(Identity)/Supplement 0>>/FontDescriptor {described} 0 R/DW 1000"
                                 f"/W[0[{widths}]]/CIDToGIDMap/Identity>>")  # fmt: skip
        self._stream(map_, "", to_unicode(used).encode("ascii"))
        self._object(font, f"<</Type/Font/Subtype/Type0/BaseFont/{name}/Encoding/Identity-H"
                           f"/DescendantFonts[{descendant} 0 R]/ToUnicode {map_} 0 R>>")  # fmt: skip
        return font

    def _descriptor(self, name: str, used: UsedGlyphs, glyphs: Sequence[int]) -> str:
        shape = used.font.shape
        file = self._stream(self._number(), "", used.font.subset(glyphs), "/Length1")
        every = bytes([0xFF]) * (len(glyphs) // 8) + bytes([0xFF00 >> len(glyphs) % 8 & 0xFF])
        whole = self._stream(self._number(), "", every)
        box = " ".join(map(str, shape.box))
        return (f"<</Type/FontDescriptor/FontName/{name}/Flags 4/FontBBox[{box}]/ItalicAngle 0/Ascent {shape.ascent}"
                f"/Descent {shape.descent}/CapHeight {shape.ascent}/StemV 80/FontFile2 {file} 0 R"
                f"/CIDSet {whole} 0 R>>")  # fmt: skip

    def _outline_tree(self) -> str:
        if not self._outline:
            return ""
        root = self._number()
        numbers = [self._number() for _ in self._outline]
        for place, (title, page) in enumerate(self._outline):
            before = f"/Prev {numbers[place - 1]} 0 R" if place else ""
            after = f"/Next {numbers[place + 1]} 0 R" if place + 1 < len(numbers) else ""
            entry = f"<</Title{_text(title)}/Parent {root} 0 R/Dest[{page} 0 R/Fit]{before}{after}>>"
            self._object(numbers[place], entry)
        self._object(root, f"<</Type/Outlines/First {numbers[0]} 0 R/Last {numbers[-1]} 0 R/Count {len(numbers)}>>")
        return f"/Outlines {root} 0 R"

    def _cross_references(self) -> None:
        digest = hashlib.blake2b(digest_size=16)
        for part in self._parts:
            digest.update(part)
        name, start, count = digest.hexdigest(), self._length, self._last + 1
        lines = [f"{self._places[number]:010d} 00000 n \n" for number in range(1, count)]
        trailer = f"<</Size {count}/Root {_CATALOG} 0 R/Info {_INFO} 0 R/ID[<{name}><{name}>]>>"
        table = f"xref\n0 {count}\n0000000000 65535 f \n{''.join(lines)}"
        self._append(f"{table}trailer\n{trailer}\nstartxref\n{start}\n%%EOF\n".encode("ascii"))

    def _number(self) -> int:
        self._last += 1
        return self._last

    def _object(self, number: int, body: str) -> None:
        self._places[number] = self._length
        self._append(f"{number} 0 obj\n{body}\nendobj\n".encode("ascii"))

    def _stream(self, number: int, entries: str, data: bytes, length: str = "") -> int:
        told = f"{length} {len(data)}" if length else ""
        self._raw_stream(number, f"{entries}{told}/Filter/FlateDecode", isal_zlib.compress(data, 2))
        return number

    def _raw_stream(self, number: int, entries: str, data: bytes) -> None:
        self._places[number] = self._length
        self._append(f"{number} 0 obj\n<</Length {len(data)}{entries}>>\nstream\n".encode("ascii"))
        self._append(data)
        self._append(b"\nendstream\nendobj\n")

    def _append(self, data: bytes) -> None:
        self._parts.append(data)
        self._length += len(data)


def to_unicode(used: UsedGlyphs) -> str:
    """The character map of a subset, by which the text of the file can be searched and copied."""
    told = [*used.items(), *((letters, number) for (_, letters), number in used.joined.items() if letters)]
    pairs = [f"<{number}> <{letters.encode('utf-16-be').hex().upper()}>" for letters, number in told]
    lines = ["/CIDInit /ProcSet findresource begin", "12 dict begin", "begincmap",
             "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
             "/CMapName /Adobe-Identity-UCS def", "/CMapType 2 def",
             "1 begincodespacerange", "<0000> <FFFF>", "endcodespacerange"]  # fmt: skip
    for start in range(0, len(pairs), 100):  # the format allows a hundred entries a section
        section = pairs[start : start + 100]
        lines += [f"{len(section)} beginbfchar", *section, "endbfchar"]
    return "\n".join([*lines, "endcmap", "CMapName currentdict /CMap defineresource pop", "end", "end"])


def _tag(role: str, used: UsedGlyphs) -> str:
    """Six letters that differ between subsets of one font."""
    return hashlib.sha256(f"{role}{''.join(used)}{list(used.joined)}".encode()).hexdigest()[:6].translate(_TAGS)


def _text(words: str) -> str:
    return f"<FEFF{words.encode('utf-16-be').hex().upper()}>"


@lru_cache
def _profile() -> bytes:
    return bytes(isal_zlib.compress(resources.path("fonts", "sRGB.icc").read_bytes(), 2))


def write_pdf(pages: Iterable[Page], title: str, made_at: datetime) -> bytes:
    """The pages as one file."""
    writer = PdfWriter()
    for page in pages:
        writer.add(page, ink_of(page))
    return writer.finish(title, made_at)
