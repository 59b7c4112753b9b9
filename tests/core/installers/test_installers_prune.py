"""What the installers leave out is not missed by anything the program imports."""

from __future__ import annotations

import subprocess
import sys

import pytest
from release import prune

EVERYTHING = """
import importlib, pkgutil, sys
for name in sys.argv[1:]:
    sys.modules[name] = None
import villagedesk, ui
for package in (villagedesk, ui):
    for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
"""


def test_every_module_of_the_program_imports_without_the_pruned_ones():
    run = subprocess.run(
        [sys.executable, "-c", EVERYTHING, *prune.MODULES], capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr


@pytest.mark.parametrize(
    "name",
    [
        "PySide6/Qt/plugins/platforms/libqxcb.so",
        "PySide6/plugins/platforms/qwindows.dll",
        "PySide6/Qt/plugins/platforminputcontexts/libibusplatforminputcontextplugin.so",
        "PySide6/Qt/lib/libQt6Core.so.6",
        "PySide6\\Qt6Widgets.dll",
        "PySide6/Qt/translations/qtbase_zh_CN.qm",
        "villagedesk/_resources/fonts/song.ttf",
        "stdnum/cn/loc.dat",
        "pikepdf.libs/libqpdf-781b0270.so.30.4.2",
        "psycopg_binary/_psycopg.cpython-311-x86_64-linux-gnu.so",
        "psycopg_binary.libs/libpq-e9b5c9ac.so.5.18",
        "psycopg_binary.libs/libcom_err-55c5739a.so.3.0",
        "psycopg-3.3.9.dist-info/METADATA",
    ],
)
def test_what_the_window_needs_stays(name):
    assert prune.keeps(name, "/build/environment/x")


@pytest.mark.parametrize(
    "name",
    [
        "PySide6/Qt/plugins/platformthemes/libqgtk3.so",
        "PySide6/Qt/plugins/tls/libqopensslbackend.so",
        "PySide6/Qt/plugins/platforms/libqeglfs.so",
        "PySide6/Qt/lib/libQt6Network.so.6",
        "PySide6/Qt/translations/qtbase_de.qm",
        "PySide6\\opengl32sw.dll",
        "stdnum/oui.dat",
        "psycopg-3.3.9.dist-info/RECORD",
        "reportlab-5.1.0.dist-info/METADATA",
    ],
)
def test_what_nothing_calls_goes(name):
    assert not prune.keeps(name, "/build/environment/x")


@pytest.mark.parametrize(
    ("name", "stays"), [("libxcb-cursor.so.0", True), ("libX11.so.6", False), ("libGL.so.1", False)]
)
def test_of_the_building_system_only_what_a_desktop_may_lack_comes_along(name, stays):
    assert prune.keeps(name, f"/usr/lib/x86_64-linux-gnu/{name}") is stays
