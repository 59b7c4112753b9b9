"""The shared libraries that Qt needs and its wheel does not bring: look for them, and fetch what is missing.

Found by loading the wheel's plugins in a bare Debian 12: even the offscreen platform links libX11 and EGL. As root, or
with a sudo that asks nothing, they are installed; otherwise their packages are unpacked into ``.venv/syslibs``, which
needs no rights at all; otherwise the line to type is told.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from fresh.python import ENVIRONMENT
from fresh.told import Stop, tell

SYSLIBS = ENVIRONMENT / "syslibs"
ALWAYS = {  # library → Debian package; needed by every QApplication, offscreen too
    "libglib-2.0.so.0": "libglib2.0-0",
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libX11.so.6": "libx11-6",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libxkbcommon.so.0": "libxkbcommon0",
}
SCREEN = {"libcups.so.2": "libcups2"}  # printing on paper
X11 = {
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}
WAYLAND = {"libwayland-client.so.0": "libwayland-client0", "libwayland-cursor.so.0": "libwayland-cursor0"}
NOT_USED = re.compile(r"mesa|^libllvm|^libdrm|^libgbm|^libz3|^libsensors|^libelf|^libedit|^libicu")  # 3D drivers
OFFSCREEN = {"QT_QPA_PLATFORM": "offscreen", "QT_IM_MODULE": "compose"}  # nobody types where there is no screen
MACHINE_IDS = ("/etc/machine-id", "/var/lib/dbus/machine-id")  # without one, libdbus aborts a program that asks
PROBE = """
import ctypes, sys
for name in sys.argv[1:]:
    try:
        ctypes.CDLL(name)
    except OSError:
        print(name)
"""


def has_display() -> bool:
    """Whether a window can be shown here."""
    return not sys.platform.startswith("linux") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def needed(window: bool) -> dict[str, str]:
    """Library → Debian package of what Qt needs: offscreen, or on the screen that is there."""
    if not window:
        return ALWAYS
    return {**ALWAYS, **SCREEN, **(X11 if os.environ.get("DISPLAY") else WAYLAND)}


def missing(window: bool) -> list[str]:
    """The Debian packages of the libraries that cannot be loaded; none on systems whose Qt wheel brings all."""
    if not sys.platform.startswith("linux"):
        return []
    return missing_of(needed(window))


def missing_of(wanted: Mapping[str, str]) -> list[str]:
    """The Debian packages of those libraries (library → package) that cannot be loaded."""
    probe = subprocess.run(
        [sys.executable, "-c", PROBE, *wanted], env=surroundings(), capture_output=True, text=True, check=True
    )
    return [wanted[name] for name in probe.stdout.split()]


def surroundings() -> dict[str, str]:
    """The environment variables under which Qt finds the unpacked libraries and their data."""
    found = {**os.environ, "PYTHONUTF8": "1"}
    folders = sorted({str(file.parent) for file in SYSLIBS.glob("**/lib/**/*.so*")})
    if folders:
        older = [found["LD_LIBRARY_PATH"]] if found.get("LD_LIBRARY_PATH") else []
        found["LD_LIBRARY_PATH"] = os.pathsep.join([*folders, *older])
    if not any(Path(file).exists() for file in MACHINE_IDS):
        found.setdefault("DBUS_FATAL_WARNINGS", "0")
    for variable, system, own in (
        ("FONTCONFIG_PATH", "/etc/fonts", SYSLIBS / "etc/fonts"),
        ("XKB_CONFIG_ROOT", "/usr/share/X11/xkb", SYSLIBS / "usr/share/X11/xkb"),
    ):
        if own.is_dir() and not Path(system).is_dir():
            found.setdefault(variable, str(own))
    return found


def ensure(window: bool) -> None:
    """Make the libraries loadable. Raises Stop with the line to type when that needs a person."""
    packages = missing(window)
    if not packages:
        return
    tell(f"取得界面所需的系统库:{' '.join(packages)}", "Getting the system libraries of the window")
    if shutil.which("apt-get"):
        rights = privilege()
        if rights is not None:
            install(rights, packages)
        if missing(window) and shutil.which("dpkg-deb"):
            unpack(missing(window))
    packages = missing(window)
    if packages:
        line = f"sudo apt-get update && sudo apt-get install -y {' '.join(packages)}"
        raise Stop("缺少界面所需的系统库，请输入后面这一行", f"The window lacks system libraries; type: {line}")


def privilege() -> list[str] | None:
    """What to write before a command to run it as root: nothing, ``sudo -n``, or None when that is not ours."""
    if os.geteuid() == 0:
        return []
    sudo = ["sudo", "-n"]
    allowed = shutil.which("sudo") and subprocess.run([*sudo, "true"], capture_output=True, check=False).returncode == 0
    return sudo if allowed else None


def install(rights: list[str], packages: Iterable[str]) -> None:
    """Install packages into the system, with fresh lists of packages where the present ones do not serve."""
    apt = [*rights, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]
    install_them = [*apt, "install", "-y", "--no-install-recommends", *packages]
    if not quiet(install_them):
        quiet([*apt, "update"])
        quiet(install_them)


def unpack(packages: Iterable[str]) -> None:
    """Fetch packages and what they need, and unpack them into the environment; no rights are needed."""
    folder = ENVIRONMENT / "debs"
    for options in ([], own_lists(folder)):
        names = [name for name in simulated(options, packages) if not NOT_USED.search(name)]
        shutil.rmtree(folder / "files", ignore_errors=True)
        (folder / "files").mkdir(parents=True)
        if names and quiet(["apt-get", "-qq", *options, "download", *names], folder / "files"):
            break
        if not options:
            quiet(["apt-get", "-qq", *own_lists(folder), "update"])
    for deb in sorted((folder / "files").glob("*.deb")):
        quiet(["dpkg-deb", "-x", str(deb), str(SYSLIBS)])
    shutil.rmtree(folder, ignore_errors=True)


def own_lists(folder: Path) -> list[str]:
    """The options by which apt keeps its lists of packages in a folder of ours."""
    for part in ("lists/partial", "cache/archives/partial"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    return ["-o", f"Dir::State::Lists={folder / 'lists'}", "-o", f"Dir::Cache={folder / 'cache'}"]


def simulated(options: list[str], packages: Iterable[str]) -> list[str]:
    """The packages that installing ``packages`` would bring, by their real names on this system."""
    run = subprocess.run(
        ["apt-get", "-qq", *options, "install", "--simulate", "--no-install-recommends", *packages],
        capture_output=True,
        text=True,
        check=False,
    )
    return new_packages(run.stdout)


def new_packages(simulation: str) -> list[str]:
    """The names in apt's ``Inst name (version …)`` lines; an upgrade (``Inst name [old] …``) is none of ours."""
    return re.findall(r"^Inst (\S+) \(", simulation, re.MULTILINE)


def quiet(words: list[str], folder: Path | None = None) -> bool:
    """Whether a command succeeded; what it said is not for our reader."""
    return subprocess.run(words, cwd=folder, capture_output=True, check=False).returncode == 0
