"""The kinds of file the program opens are the same in its menu entry, its types, its description and on Windows."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

LINUX = Path(__file__).resolve().parents[3] / "packaging" / "linux"
TYPES = ElementTree.parse(LINUX / "villagedesk.mime.xml").getroot()
SPACE = "{http://www.freedesktop.org/standards/shared-mime-info}"


def known() -> dict[str, str]:
    """Media type → the pattern of names that have it."""
    return {kind.attrib["type"]: kind.find(f"{SPACE}glob").attrib["pattern"] for kind in TYPES}  # each has one


def test_the_menu_entry_opens_every_kind():
    (line,) = re.findall(r"^MimeType=(.*);$", (LINUX / "villagedesk.desktop").read_text("utf-8"), re.MULTILINE)
    assert sorted(line.split(";")) == sorted(known())


def test_the_description_names_every_kind():
    told = ElementTree.parse(LINUX / "villagedesk.metainfo.xml").getroot().iter("mediatype")
    assert sorted(str(kind.text) for kind in told) == sorted(known())


def test_windows_opens_the_same_kinds_and_forgets_them_again():
    script = (LINUX.parent / "windows" / "villagedesk.nsi").read_text("utf-8")
    patterns = {pattern.removeprefix("*.") for pattern in known().values() if pattern.startswith("*.")}
    for macro in ("FileType", "ForgetFileType"):
        assert set(re.findall(rf'!insertmacro {macro} "(\w+)"', script)) == patterns
