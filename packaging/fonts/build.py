"""Make the shipped fonts: subset, turn cubic outlines into quadratic ones, rename, write ``resources/fonts``.

Run on Debian 12 with fontTools (a development dependency): ``python packaging/fonts/build.py [ROLE…]``. The PDF writer
embeds TrueType outlines only, and the Noto and Fandol fonts have cubic ones. Each font stays a file of its own: their
licences do not allow glyphs of both in one file. The renaming is a condition of the WenKai licence and keeps the
window from picking a system font of the same name.
"""

from __future__ import annotations

import argparse
import bz2
import gzip
import hashlib
import logging
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

from fontTools import subset
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont, newTable

HERE = Path(__file__).resolve().parent
OUT = HERE.parent.parent / "resources" / "fonts"
MAX_ERROR = 1.0  # font units; smaller values gave larger files and the same picture
SYMBOLS = (
    *range(0x20, 0x7F), *range(0xA0, 0x180), *range(0x2010, 0x2050), *range(0x2070, 0x20A0), 0x20AC, 0x2103, 0x2116,
    *range(0x2150, 0x2200), *range(0x2200, 0x2300), *range(0x2460, 0x2600), *range(0x2600, 0x2670), 0x2713, 0x2717,
    0x2611, 0x2610, 0x2612, *range(0x3000, 0x3030), *range(0x3200, 0x3400), *range(0xFE30, 0xFE50),
    *range(0xFF00, 0xFFF0),
)  # fmt: skip
HAN = ((0x3007, 0x3007), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x3FFFF))
MAXP_KEYS = (
    "maxZones", "maxTwilightPoints", "maxStorage", "maxFunctionDefs", "maxInstructionDefs", "maxStackElements",
    "maxSizeOfInstructions", "maxComponentElements",
)  # fmt: skip
log = logging.getLogger("fonts")


def fetch(package: str, work: Path) -> Path:
    """The unpacked folder of a Debian package, downloaded when it is not there yet."""
    folder = work / package
    if not folder.is_dir():
        if not list(work.glob(f"{package}_*.deb")):
            subprocess.run(["apt-get", "download", package], cwd=work, check=True)
        (deb,) = work.glob(f"{package}_*.deb")
        subprocess.run(["dpkg-deb", "-x", deb, folder], check=True)
    return folder


def read_packed(path: Path) -> bytes:
    """The content of a file that may be packed."""
    opener: dict[str, Any] = {".gz": gzip.open, ".bz2": bz2.open}
    with opener.get(path.suffix, open)(path, "rb") as stream:
        return bytes(stream.read())


def gb_characters(unihan: bytes) -> set[int]:
    """GB 2312 and the general standard table (kTGH), with Latin letters, punctuation and symbols."""
    level = [bytes((row, cell)) for row in range(0xA1, 0xF8) for cell in range(0xA1, 0xFF)]
    gb2312 = {ord(char) for pair in level for char in pair.decode("gb2312", "ignore")}
    table = {int(code, 16) for code in re.findall(r"U\+([0-9A-F]+)\tkTGH\t", unihan.decode())}
    if len(table) != 8105:
        raise SystemExit(f"the general standard table has {len(table)} characters instead of 8105")
    return gb2312 | table | set(SYMBOLS)


NAMES = ("GIDC", "GRM", "GDM", "GCYY", "GXC", "GXH", "GCH", "GCY", "GHC", "GBK", "GFZ", "GGH", "GJZ", "GZH", "GLGYJ",
         "GZ")  # fmt: skip
"""Sources of Han characters in which names of persons and places stand: the ministry's identity register, the survey's
place names, the dictionaries, the Zhuang words."""


def name_characters(unihan: bytes, also: str) -> set[int]:
    """Characters of names that the song font lacks."""
    drawn = TTFont(OUT / "song.ttf").getBestCmap()
    listed = re.findall(r"U\+([0-9A-F]+)\tkIRG_GSource\t([A-Z]+)", unihan.decode())
    found = {int(code, 16) for code, source in listed if source in NAMES} | set(map(ord, also))
    return found - set(drawn)


def wanted(keep: str, cmap: dict[int, str], gb: set[int]) -> set[int]:
    """The code points to keep of a source font."""
    if keep == "all":
        return set(cmap)
    if keep == "hangul":
        pairs = (bytes((row, cell)) for row in range(0xB0, 0xC9) for cell in range(0xA1, 0xFF))
        return {ord(char) for pair in pairs for char in pair.decode("euc_kr", "ignore")} | {0x20}
    han = {code for code in cmap if any(low <= code <= high for low, high in HAN)} if keep == "han" else set()
    return (gb | han) & set(cmap)


def load_subset(source: Path, spec: dict[str, Any], gb: set[int]) -> TTFont:
    """The source font without the characters and layout tables that paper does not need."""
    options = subset.Options()
    shaped = spec.get("shaped", False)
    options.layout_features = ["*"] if shaped else []
    options.hinting = options.glyph_names = False
    options.notdef_outline = options.recalc_bounds = True
    options.name_IDs, options.name_languages = [0, 13, 14], [0x409]
    options.drop_tables += ["BASE", "VORG", "vhea", "vmtx", "DSIG", "FFTM"]
    options.drop_tables += [] if shaped else ["GSUB", "GPOS", "GDEF"]
    options.font_number = spec["number"]
    font = subset.load_font(str(source), options)
    subsetter = subset.Subsetter(options)
    cmap = font.getBestCmap()
    subsetter.populate(unicodes=gb & set(cmap) if spec["keep"] == "names" else wanted(spec["keep"], cmap, gb))
    subsetter.subset(font)
    return font


def to_quadratic(font: TTFont) -> None:
    """Replace a CFF table by glyf, loca and maxp 1.0."""
    glyphs, order = font.getGlyphSet(), font.getGlyphOrder()
    table = newTable("glyf")
    table.glyphOrder, table.glyphs = order, {}
    for name in order:
        pen = TTGlyphPen(None)
        glyphs[name].draw(Cu2QuPen(pen, MAX_ERROR, reverse_direction=True))
        table.glyphs[name] = pen.glyph()
    font["loca"], font["glyf"] = newTable("loca"), table
    for name in order:
        table[name].recalcBounds(table)
        font["hmtx"][name] = (font["hmtx"][name][0], getattr(table[name], "xMin", 0))
    maxp = font["maxp"] = newTable("maxp")
    maxp.tableVersion, maxp.numGlyphs = 0x00010000, len(order)
    for key in MAXP_KEYS:
        setattr(maxp, key, int(key == "maxZones"))
    del font["CFF "]
    font.sfntVersion = "\x00\x01\x00\x00"


def drop_empty(font: TTFont) -> int:
    """Forget Han characters whose outline is empty: they would print as a blank. Returns how many."""
    glyf = font["glyf"]
    dropped: set[int] = set()
    for table in font["cmap"].tables:
        for code, name in list(table.cmap.items()):
            if any(low <= code <= high for low, high in HAN) and glyf[name].numberOfContours == 0:
                del table.cmap[code]
                dropped.add(code)
    return len(dropped)


def rename(font: TTFont, family: str, licence: str) -> None:
    """Give the font its own family name; copyright and licence entries of the source stay."""
    names = font["name"]
    postscript = family.replace(" ", "") + "-Regular"
    for number, value in enumerate((family, "Regular", postscript, family, "Version 1.0", postscript), 1):
        names.setName(value, number, 3, 1, 0x409)
    if names.getDebugName(13) is None:
        names.setName(licence, 13, 3, 1, 0x409)
    font["OS/2"].usWeightClass = 400
    font["OS/2"].fsSelection = 0x40
    font["OS/2"].fsType = 0
    font["head"].macStyle = 0
    font["post"].formatType = 3.0


def build(role: str, spec: dict[str, Any], work: Path, gb: set[int]) -> None:
    """Write ``<role>.ttf`` and its licence text."""
    folder = fetch(spec["package"], work)
    font = load_subset(folder / spec["file"], spec, gb)
    if "CFF " in font:
        to_quadratic(font)
    empty = drop_empty(font)
    rename(font, spec["family"], spec["licence"])
    font.recalcTimestamp = False
    target = OUT / f"{role}.ttf"
    font.save(target, reorderTables=True)
    (OUT / "licences" / f"{role}.txt").write_bytes(read_packed(folder / spec["notice"]))
    count, size = len(font.getBestCmap()), target.stat().st_size
    log.info("%s: %d characters, %d empty ones dropped, %d bytes", role, count, empty, size)


def write_catalogue(spec: dict[str, Any]) -> None:
    """Write ``fonts.toml``: role → file, family, licence, source, SHA-256."""
    lines = ["# Written by packaging/fonts/build.py: the fonts of paper and window, by role (GB/T 9704).", ""]
    for role, font in spec["font"].items():
        digest = hashlib.sha256((OUT / f"{role}.ttf").read_bytes()).hexdigest()
        origin = f"{font['package']}: {Path(font['file']).name}"
        entry = {"file": f"{role}.ttf", "family": font["family"], "licence": font["licence"],
                 "licence_text": f"licences/{role}.txt", "source": origin, "sha256": digest}  # fmt: skip
        lines += [f"[{role}]", *(f'{key} = "{value}"' for key, value in entry.items()), ""]
    (OUT / "fonts.toml").write_text("\n".join(lines), encoding="utf-8")


def _names(table: dict[str, Any], font: dict[str, Any], work: Path) -> set[int]:
    return name_characters(read_packed(fetch(table["package"], work) / table["sources"]), font["also"])


def main() -> None:
    """Build the roles named on the command line, or all."""
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    logging.getLogger("fontTools").setLevel(logging.ERROR)
    spec = tomllib.loads((HERE / "sources.toml").read_text(encoding="utf-8"))
    parser = argparse.ArgumentParser(description="Build the shipped fonts from Debian packages.")
    parser.add_argument("roles", nargs="*", choices=[*spec["font"], []])
    parser.add_argument("--work", type=Path, default=Path("/tmp/villagedesk-fonts"), help="where packages are unpacked")  # noqa: S108  public packages only
    chosen = parser.parse_args()
    chosen.work.mkdir(parents=True, exist_ok=True)
    OUT.mkdir(parents=True, exist_ok=True)
    gb = gb_characters(read_packed(fetch(spec["table"]["package"], chosen.work) / spec["table"]["file"]))
    profile = fetch(spec["profile"]["package"], chosen.work)
    (OUT / "sRGB.icc").write_bytes((profile / spec["profile"]["file"]).read_bytes())
    (OUT / "licences").mkdir(exist_ok=True)
    (OUT / "licences" / "sRGB.txt").write_bytes((profile / spec["profile"]["licence"]).read_bytes())
    for role in chosen.roles or spec["font"]:
        font = spec["font"][role]
        names = font["keep"] == "names"
        build(role, font, chosen.work, _names(spec["table"], font, chosen.work) if names else gb)
    write_catalogue(spec)


if __name__ == "__main__":
    main()
