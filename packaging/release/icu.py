"""The data of ICU, cut to what Qt asks of it: 31 MB of words for every language of the world become 4.

Qt calls three parts of ICU (``nm -D libQt6Core.so.6``): order of words, names of time zones, foreign encodings. What
serves other parts, languages the program does not speak, and encodings of other countries stay out. ICU finds its data
by name in one table, and falls back to ``root`` where a language is missing: so a smaller table is all it takes.
"""

from __future__ import annotations

import re
import struct
import subprocess
import tempfile
from pathlib import Path

LANGUAGES = ("root", "zh", "en")
ENCODINGS = {"gb18030", "windows-936-2000", "ibm-1383_P110-1999", "ibm-1386_P100-2001"}
"""Those of Chinese texts: GB 18030, GBK and GB 2312. UTF and Latin-1 need no data."""

_UNASKED = {"brkitr", "curr", "lang", "rbnf", "region", "translit", "unit"}
_OF_A_LANGUAGE = re.compile(r"([a-z]{2,3})(_[A-Za-z0-9_]+)?\.res$")
_ALIGNED = 16


def shrink(folder: Path) -> None:
    """Write the ``libicudata`` below ``folder`` anew with the cut data, under its own name and symbol."""
    (library,) = (file for file in folder.rglob("libicudata.so.*") if not file.is_symlink())
    number = library.name.rpartition(".")[2]
    with tempfile.TemporaryDirectory() as place:
        data, part = Path(place) / "data", Path(place) / "part.o"
        _run("objcopy", "-O", "binary", "--only-section=.rodata", str(library), str(data))
        data.write_bytes(cut(data.read_bytes()))
        _run("ld", "-r", "-b", "binary", "-o", part.name, data.name, folder=place)
        _run(
            *("objcopy", f"--redefine-sym=_binary_data_start=icudt{number}_dat"),
            *(f"--set-section-alignment=.data={_ALIGNED}", "--rename-section"),
            *(".data=.rodata,alloc,load,readonly,data,contents", str(part)),
        )
        _run(
            *("ld", "-shared", "-Bsymbolic", f"-soname={library.name}", "-z", "noexecstack", "--build-id=none"),
            *("--strip-all", "-o", str(library), str(part)),
        )


def keeps(name: str) -> bool:
    """Whether one entry of the table, named without its first folder, e.g. ``coll/zh.res``, is asked for."""
    part, _, file = name.rpartition("/")
    if part in _UNASKED:
        return False
    if file.endswith(".cnv"):
        return file.removesuffix(".cnv") in ENCODINGS
    language = _OF_A_LANGUAGE.fullmatch(file)
    return language is None or file in {"root.res", "pool.res"} or language[1] in LANGUAGES


def entries(data: bytes) -> dict[str, bytes]:
    """The named parts of ICU's data. Raises ValueError when it is none."""
    if data[2:4] != b"\xda\x27" or data[12:16] != b"CmnD":
        raise ValueError("this is not the data of ICU")
    start = _header(data)
    (count,) = struct.unpack_from("<I", data, start)
    table = list(struct.iter_unpack("<II", data[start + 4 : start + 4 + 8 * count]))
    ends = [place for _, place in table[1:]] + [len(data) - start]
    return {
        data[start + name : data.index(b"\0", start + name)].decode("ascii"): data[start + place : start + end]
        for (name, place), end in zip(table, ends, strict=True)
    }


def cut(data: bytes) -> bytes:
    """The same table with the entries alone that are kept."""
    kept = {name: part for name, part in entries(data).items() if keeps(name.partition("/")[2])}
    names = b"".join(name.encode("ascii") + b"\0" for name in kept)
    at = _aligned(4 + 8 * len(kept) + len(names))
    table, named, parts = [], 4 + 8 * len(kept), []
    for name, part in kept.items():
        table.append(struct.pack("<II", named, at))
        parts.append(part.ljust(_aligned(len(part)), b"\0"))
        named, at = named + len(name) + 1, at + _aligned(len(part))
    head = struct.pack("<I", len(kept)) + b"".join(table) + names
    return data[: _header(data)] + head.ljust(_aligned(len(head)), b"\0") + b"".join(parts)


def _header(data: bytes) -> int:
    return int(struct.unpack_from("<H", data)[0])


def _aligned(length: int) -> int:
    return -(-length // _ALIGNED) * _ALIGNED


def _run(*words: str, folder: str | None = None) -> None:
    subprocess.run(words, cwd=folder, check=True)
