"""The Windows program and its setup file, made on any system from the wheelhouse and CPython's own files for Windows.

Nothing is compiled and nothing is run: wheels are unpacked, what is not used is left out, makensis packs the rest. So
the same command works on Debian and on a Windows machine without internet (docs/windows.md).
"""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path, PurePosixPath

from fresh.told import Stop, tell

from release import embedded, licences, pe, prune, wheels
from release.environment import BUILD, DIST, ROOT, call, ensure, take_source
from release.frozen import size
from release.version import epoch, version

PAYLOAD = BUILD / "windows"
PYTHON_ZIP = ROOT / "packaging" / "windows" / "python-3.11.9-embed-amd64.zip"
PATHS = "python311.zip\n.\nLib\\site-packages\n"
STARTER = '@"%~dp0python.exe" -m villagedesk %*\r\n'
_ICON = """
import sys
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer
image = QImage(256, 256, QImage.Format.Format_ARGB32)
image.fill(Qt.GlobalColor.transparent)
painter = QPainter(image)
QSvgRenderer(sys.argv[1]).render(painter)
painter.end()
assert image.save(sys.argv[2], "ico")
"""


def build(*, dummy: bool = False) -> Path:
    """Make the setup file in ``dist``; returns it.

    ``dummy`` packs empty files in place of Python, where it cannot be had: the file then shows that everything
    packs, installs and leaves again, and is called so. Raises Stop when Python, a wheel or a DLL is missing.
    """
    shutil.rmtree(PAYLOAD, ignore_errors=True)
    site = PAYLOAD / "Lib" / "site-packages"
    for wheel in sorted(wheels.fetch(wheels.TARGETS["windows"]).glob("*.whl")):
        if wheel.name.split("-")[0].lower().replace("_", "-") in licences.carried():
            _unpack(wheel, site)
    _program(site)
    _python(dummy=dummy)
    missing = pe.missing(PAYLOAD)
    if missing:
        raise Stop(f"缺少 DLL:{missing}", f"DLLs that neither the folder nor Windows has: {missing}")
    return _pack(DIST / f"villagedesk-{version()}-windows{'-dummy' if dummy else ''}.exe")


def _unpack(wheel: Path, site: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        for name in sorted(archive.namelist()):
            target = _place(name)
            if target and not name.endswith("/") and _kept(target):
                file = site / target
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(archive.read(name))


def _place(name: str) -> str:
    """Where a file of a wheel goes below site-packages; nothing for scripts and headers."""
    head, _, rest = name.partition("/")
    if not head.endswith(".data"):
        return name
    kind, _, inner = rest.partition("/")
    return inner if kind in {"purelib", "platlib"} else ""


def _kept(name: str) -> bool:
    if ".dist-info/" in name:
        return name.endswith("METADATA") or "licenses/" in name.lower() or "LICENSE" in name
    parts = PurePosixPath(name).parts
    if "tests" in parts[:-1] or name.endswith((".lib", ".pdb", ".h", ".pxd", ".exe")):
        return False
    module = ".".join((*parts[:-1], parts[-1].split(".")[0]))
    return prune.keeps(name, "") and not any(f"{module}.".startswith(f"{cut}.") for cut in prune.MODULES)


def _program(site: Path) -> None:
    source = take_source()
    unread = shutil.ignore_patterns("__pycache__", "*.po")
    for package in ("villagedesk", "ui"):
        shutil.copytree(source / package, site / package, ignore=unread)
    shutil.copytree(source / "resources", site / "villagedesk" / "_resources", ignore=unread)
    shutil.copyfile(source / "LICENSE", PAYLOAD / "LICENSE.txt")
    (PAYLOAD / "villagedesk.cmd").write_bytes(STARTER.encode("ascii"))
    drawing = ROOT / "resources" / "icons" / "villagedesk.svg"
    words = [str(ensure()), "-c", _ICON, str(drawing), str(PAYLOAD / "villagedesk.ico")]
    call(words, QT_QPA_PLATFORM="offscreen")


def _python(*, dummy: bool) -> None:
    if dummy:
        for name in ("python.exe", "pythonw.exe", "python3.dll", "python311.dll", "python311.zip"):
            (PAYLOAD / name).write_bytes(b"not Python: a test of the installer")
    elif PYTHON_ZIP.is_file():
        with zipfile.ZipFile(PYTHON_ZIP) as archive:
            archive.extractall(PAYLOAD)
    else:
        embedded.unpack(PAYLOAD)
    (PAYLOAD / "python311._pth").write_text(PATHS, "ascii")


def _pack(target: Path) -> Path:
    DIST.mkdir(exist_ok=True)
    target.unlink(missing_ok=True)
    defines = {"VERSION": version(), "PAYLOAD": PAYLOAD, "TARGET": target, "KIBIBYTES": size(PAYLOAD) // 1024}
    words = ["makensis", "-V2", "-WX", *(f"-D{name}={value}" for name, value in defines.items())]
    script = ROOT / "packaging" / "windows" / "villagedesk.nsi"
    call([*words, str(script)], SOURCE_DATE_EPOCH=str(epoch()))
    tell(f"{target.name} {target.stat().st_size / 1e6:.1f} MB", f"installed {size(PAYLOAD) / 1e6:.1f} MB")
    return target
