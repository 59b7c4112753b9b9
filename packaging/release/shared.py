"""What menus, file managers and software centres read, laid out as under ``/usr/share``."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

from release import environment
from release.environment import SOURCE
from release.version import epoch, version

SOURCES = SOURCE / "packaging" / "linux"
"""As committed; frozen.build lays them out."""

SIZES = (16, 24, 32, 48, 64, 128, 256)
"""Sides of the icon in pixels; the SVG serves every other size."""

_DRAW = """
import sys
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer
source, *targets = sys.argv[1:]
drawing = QSvgRenderer(source)
for target in targets:
    side = int(target.split("/")[-3].split("x")[0])
    image = QImage(side, side, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    drawing.render(painter)
    painter.end()
    assert image.save(target), target
"""


def lay_out(share: Path) -> None:
    """Put desktop entry, file types, description and icons below ``share``."""
    _copy("villagedesk.desktop", share / "applications" / "villagedesk.desktop")
    _copy("villagedesk.mime.xml", share / "mime" / "packages" / "villagedesk.xml")
    day = datetime.fromtimestamp(epoch(), UTC).date().isoformat()
    fill(
        "villagedesk.metainfo.xml",
        share / "metainfo" / "org.villagedesk.VillageDesk.metainfo.xml",
        {"VERSION": version(), "DATE": day},
    )
    _icons(share / "icons" / "hicolor")


def fill(name: str, target: Path, values: dict[str, str]) -> None:
    """Write a source file with its ``@WORDS@`` replaced."""
    text = (SOURCES / name).read_text("utf-8")
    for word, value in values.items():
        text = text.replace(f"@{word}@", value)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, "utf-8")


def _copy(name: str, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(SOURCES / name, target)


def _icons(themes: Path) -> None:
    drawing = SOURCE / "resources" / "icons" / "villagedesk.svg"
    (themes / "scalable" / "apps").mkdir(parents=True)
    shutil.copyfile(drawing, themes / "scalable" / "apps" / "villagedesk.svg")
    targets = [themes / f"{side}x{side}" / "apps" / "villagedesk.png" for side in SIZES]
    for target in targets:
        target.parent.mkdir(parents=True)
    environment.call(
        [str(environment.ensure()), "-c", _DRAW, str(drawing), *map(str, targets)], QT_QPA_PLATFORM="offscreen"
    )
