"""What stays out of the program's folder: parts of Qt and of libraries that nothing calls, and what every desktop has.

Two rules for Linux. A library that must fit its system (C and C++ run time, GL, X11, fonts, D-Bus, printing) is the
system's own: the ``.deb`` depends on it. A small one that a plain desktop may lack (xcb-cursor and its like) comes
along, because a village laptop cannot fetch it.
"""

from __future__ import annotations

import re
from pathlib import PurePath

MODULES = (
    "tkinter", "unittest", "test", "pydoc_data", "lib2to3", "distutils", "setuptools",
    "sqlite3", "_sqlite3",  # the store is sqlcipher3; an unencrypted one is not even here
    "zstandard._cffi", "zstandard.backend_cffi", "lxml.objectify", "lxml.html", "lxml.isoschematron",
    "numpy",  # optional to zxing-cpp and mpmath, and heavier than both (decision 0030)
    "sqlalchemy.dialects.mysql", "sqlalchemy.dialects.oracle", "sqlalchemy.dialects.mssql", "PIL._webp",
    "readline", "psycopg_pool", "PIL._avif", "PIL._imagingtk", "PIL.ImageQt",
    "PySide6.QtNetwork", "PySide6.QtDBus",
)  # fmt: skip
"""Modules that PyInstaller leaves out."""

PLUGINS = {
    "platforms": {"qxcb", "qwayland", "qoffscreen", "qwindows"},
    "platforminputcontexts": {"ibusplatforminputcontextplugin", "composeplatforminputcontextplugin"},
    "platformthemes": {"qxdgdesktopportal"},
    "iconengines": {"qsvgicon"},
    "imageformats": {"qsvg", "qjpeg", "qico", "qtiff"},
    "printsupport": {"cupsprintersupport"},
    "styles": {"qmodernwindowsstyle", "qwindowsvistastyle"},
    "wayland-shell-integration": {"xdg-shell"},
    "wayland-decoration-client": {"adwaita", "bradient"},
}
"""Folder of Qt plugins → the ones that are kept."""

QT = {"Core", "DBus", "Gui", "OpenGL", "PrintSupport", "Svg", "WaylandClient", "Widgets", "XcbQpa"}
"""Libraries of Qt that are kept; the window imports Core, Gui, Widgets, Svg and PrintSupport, the plugins the rest."""

BINDINGS = {"Core", "Gui", "PrintSupport", "Svg", "Widgets"}
"""Modules of PySide6 that the window imports."""

COMES_ALONG = re.compile(
    r"^(libpython3\.\d+\.so|lib(crypto|ssl)\.so\.3$|libffi\.so|libzstd\.so\.1$|libbz2\.so|liblzma\.so\.5$|libz\.so\.1$"
    r"|libuuid\.so|libxcb-(?!glx).+\.so|libxkbcommon(-x11)?\.so)"
)
"""Libraries of the building system that go into the folder; all others are the target's own."""

_PLUGIN = re.compile(r"(?:^|/)PySide6/(?:Qt/)?plugins/([^/]+)/(?:lib)?([^/.]+)\.(?:so|dll)$")
_QT_LIBRARY = re.compile(r"(?:^|/)(?:lib)?Qt6([A-Za-z0-9]+)\.(?:so[.0-9]*|dll)$")
_BINDING = re.compile(r"(?:^|/)PySide6/Qt([A-Za-z0-9]+)\.(?:abi3\.so|pyd)$")
_TRANSLATION = re.compile(r"(?:^|/)PySide6/(?:Qt/)?translations/")
_NEVER = re.compile(
    r"(?:^|/)(opengl32sw\.dll|pyside6qml\.abi3\.dll|d3dcompiler_\d+\.dll|Qt\w+\.abi3\.so\.debug|lib(avif|webp|webpmux|webpdemux|sharpyuv)-.*)$"
    r"|(?:^|/)PySide6/(?:Qt/)?(?:qml|metatypes|resources|libexec|typesystems|glue|include|support|doc)/"
    r"|/_resources/translations/.*\.po$|(?:^|/)(?!psycopg)[^/]+\.dist-info/|(?:^|/)psycopg[^/]*\.dist-info/(?!METADATA$)"
    r"|(?:^|/)stdnum/(?!cn/).*\.dat$|(?:^|/)lxml/isoschematron/|\.pyi$|/py\.typed$"
)
_SYSTEM = ("/lib/", "/lib64/", "/usr/lib/", "/usr/lib64/", "/usr/local/lib/")


def keeps(target: str, source: str) -> bool:
    """Whether one file belongs into the folder: ``target`` inside it, taken from ``source``."""
    name = target.replace("\\", "/")
    if _NEVER.search(name) or not _serves_the_window(name):
        return False
    return not source.startswith(_SYSTEM) or bool(COMES_ALONG.match(PurePath(name).name))


def _serves_the_window(name: str) -> bool:
    """Whether a part of Qt is used; what is no part of Qt is."""
    if plugin := _PLUGIN.search(name):
        return plugin[2] in PLUGINS.get(plugin[1], ())
    for pattern, used in ((_QT_LIBRARY, QT), (_BINDING, BINDINGS)):
        if part := pattern.search(name):
            return part[1] in used
    return not _TRANSLATION.search(name) or name.endswith("qtbase_zh_CN.qm")
