"""What the program is made of and under which licences, for the window and for whoever hands it on.

``resources/licences`` is written by ``packaging/installers.py licences`` from the locked libraries.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache

from villagedesk import resources
from villagedesk.errors import Unreadable
from villagedesk.text import Text, say


@dataclass(frozen=True)
class Part:
    """One part of somebody else's: its licence by SPDX, what must be told about it, and where the text lies."""

    name: str
    version: str
    licence: str
    notice: str
    text: str


@lru_cache
def parts() -> tuple[Part, ...]:
    """Every part the installers carry, by name. Raises Unreadable when the list is damaged."""
    try:
        said = tomllib.loads(resources.path("licences", "index.toml").read_text("utf-8"))
        return tuple(Part(**entry) for entry in said["part"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Unreadable(_DAMAGED) from error


def text_of(part: Part) -> str:
    """The licence of a part as its authors wrote it. Raises Unreadable when the text is missing."""
    try:
        return resources.path(*part.text.split("/")).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Unreadable(_DAMAGED) from error


_DAMAGED = say("The list of licences is damaged. Install the program again.")


def told(part: Part) -> str:
    """What must be told of a part, in the language in use now; the English of it stands in the list."""
    made_from = part.notice.removeprefix("Made from ")
    if made_from != part.notice:
        return str(say("Made from {source}", source=made_from))
    if part.name == "Qt":
        return str(Text(_QT.source, {"version": part.version}))
    return str(Text(part.notice))


_QT = say(
    "This program uses Qt {version} and Qt for Python (PySide6, shiboken6) under the GNU Lesser "
    "General Public License, version 3. Qt is copyright The Qt Company Ltd. and other contributors. "
    "Its libraries lie as files of their own in the program's folder (PySide6/Qt/lib on Linux, "
    "PySide6 on Windows); whoever wishes may put changed builds of the same version in their place, "
    "and may take the program apart to find errors in such changes. Nothing of Qt was changed. Qt's "
    "sources are those its makers publish for this version; whoever hands on an installer also hands "
    "on these sources on request.",
    version="",
)
_NOTICES = (
    say("Linux only."),
    say("See Qt."),
    say("Inside sqlcipher3, cryptography and Python."),
    say("Copyright (c) Zetetic LLC. Inside sqlcipher3, with SQLite (public domain) and OpenSSL."),
    say(
        "Comes with Qt. On Linux its data is cut to what Qt asks for, in Chinese and English: packaging/release/icu.py."
    ),
    say(
        "Windows only: vcruntime140 comes with Python, msvcp140 with PySide6. Conditions as Python's "
        "makers pass them on."
    ),
    say(
        "libpq, Kerberos, OpenLDAP, Cyrus SASL, libcrypt, libcom_err, keyutils. Inside psycopg-binary; "
        "only a township that keeps its records on a PostgreSQL server uses them. Windows: libpq and "
        "OpenSSL alone."
    ),
    say(
        "Psycopg is used under the GNU Lesser General Public License, version 3. Whoever wishes may build "
        "this program, whose sources are under the GNU General Public License, with a changed Psycopg: "
        "packaging/installers.py."
    ),
    say("See psycopg. Its libraries lie as files of their own in psycopg_binary.libs."),
)
"""The words of ``packaging/release/parts.toml``, so that they are translated."""
