"""``resources/licences``: an index of every bundled part and the texts of its licences, from the locked libraries."""

from __future__ import annotations

import platform
import shutil
import subprocess
import sysconfig
import tempfile
import tomllib
from importlib.metadata import Distribution, distribution
from pathlib import Path
from typing import Any

from release import wheels
from release.environment import ROOT

TARGET = ROOT / "resources" / "licences"
OWN = tomllib.loads((Path(__file__).parent / "parts.toml").read_text("utf-8"))
_MARKS = ("LICEN", "COPYING", "NOTICE", "AUTHORS", "COPYRIGHT")


def write() -> None:
    """Write index and texts anew."""
    shutil.rmtree(TARGET, ignore_errors=True)
    TARGET.mkdir()
    parts = sorted([*_libraries(), *_others(), *_resources()], key=lambda part: part["name"].lower())
    lines = ["# Written by packaging/installers.py licences: what the installers carry, and under which licences."]
    for part in parts:
        lines += ["", "[[part]]", *(f"{key} = {_quoted(value)}" for key, value in part.items())]
    (TARGET / "index.toml").write_text("\n".join(lines) + "\n", "utf-8")


def carried() -> dict[str, str]:
    """Library → version of the lock that some installer carries."""
    found = {name: number for target in wheels.TARGETS.values() for name, number in wheels.wanted(target).items()}
    return {name: number for name, number in found.items() if name not in OWN["absent"]["names"]}


def _libraries() -> list[dict[str, str]]:
    described = {part["of"] for part in OWN["part"] if "of" in part}
    found = []
    for name, number in carried().items():
        if name not in described:
            library = distribution(name)
            licence = OWN["spdx"].get(name) or library.metadata["License-Expression"] or library.metadata["License"]
            text = _keep(name, "\n\n".join(_texts(library)))
            found.append(
                {
                    "name": name,
                    "version": number,
                    "licence": licence,
                    "notice": OWN["notices"].get(name, ""),
                    "text": text,
                }
            )
    return found


def _texts(library: Distribution) -> list[str]:
    files = [file for file in library.files or () if ".dist-info" in str(file)]
    files = [file for file in files if any(mark in str(file).upper() for mark in _MARKS)]
    if not files:
        raise ValueError(f"{library.name} carries no licence: add it to parts.toml")
    return [f"--- {file.relative_to(file.parts[0])}\n\n{_decoded(file.read_binary())}" for file in sorted(files)]


def _decoded(text: bytes) -> str:
    """Old licences spell © in the encoding of their day."""
    try:
        return text.decode("utf-8")
    except UnicodeDecodeError:
        return text.decode("latin-1")


def _others() -> list[dict[str, str]]:
    return [_other(part) for part in OWN["part"]]


def _other(part: dict[str, Any]) -> dict[str, str]:
    number = _version(part)
    names = part.get("systems", [part["system"]] if "system" in part else [])
    places = [Path(file.format(stdlib=sysconfig.get_path("stdlib"), root=ROOT)) for file in part.get("files", ())]
    texts = [place.read_text("utf-8") for place in places] + [_copyright(name) for name in names]
    kept = _keep("lgpl-3" if places and places[0].name == "LGPL-3" else part["name"], "\n\n".join(texts))
    notice = part["notice"].format(version=number)
    return {"name": part["name"], "version": number, "licence": part["licence"], "notice": notice, "text": kept}


def _version(part: dict[str, Any]) -> str:
    if "of" in part:
        return carried()[part["of"]]
    if part["version"] in carried():
        return carried()[part["version"]]
    return platform.python_version() if part["version"] == "python" else str(part["version"])


def _copyright(package: str) -> str:
    """The copyright file of a Debian package, installed or not."""
    place = Path("usr/share/doc") / package / "copyright"
    if (Path("/") / place).is_file():
        return f"--- {package}\n\n" + (Path("/") / place).read_text("utf-8")
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["apt-get", "-qq", "download", package], cwd=folder, check=True)
        deb = next(Path(folder).glob("*.deb"))
        subprocess.run(["dpkg-deb", "-x", deb, "."], cwd=folder, check=True)
        return f"--- {package}\n\n" + (Path(folder) / place).read_text("utf-8")


def _resources() -> list[dict[str, str]]:
    """The fonts, whose texts lie beside them, and the codes of the divisions."""
    fonts = tomllib.loads((ROOT / "resources" / "fonts" / "fonts.toml").read_text("utf-8"))
    return [
        {
            "name": font["family"],
            "version": "Debian 12",
            "licence": font["licence"],
            "notice": f"Made from {font['source']}",
            "text": f"fonts/{font['licence_text']}",
        }
        for font in fonts.values()
        if "licence_text" in font and "family" in font
    ]


def _keep(name: str, text: str) -> str:
    file = "".join(sign if sign.isalnum() or sign in "-." else "-" for sign in name.lower()) + ".txt"
    (TARGET / file).write_text(text, "utf-8")
    return f"licences/{file}"


def _quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
