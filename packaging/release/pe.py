"""Which DLLs a Windows program asks for, read from its files without running them (TECH §6.3)."""

from __future__ import annotations

import re
from pathlib import Path

PYTHON = re.compile(r"python3\d*\.dll$")
WINDOWS = re.compile(
    r"^(api-ms-win-.*|ext-ms-.*|advapi32|authz|bcrypt|bcryptprimitives|cfgmgr32|combase|comctl32|comdlg32|crypt32|d2d1"
    r"|d3d9|d3d11|d3d12|dcomp|dnsapi|dwmapi|dwrite|dxgi|dxva2|gdi32|gdiplus|icuuc|icuin|imm32|iphlpapi|kernel32|kernelbase"
    r"|mpr|msvcrt|ncrypt|netapi32|normaliz|ntdll|ole32|oleaut32|opengl32|powrprof|propsys|psapi|rpcrt4|secur32|setupapi"
    r"|shcore|shell32|shlwapi|synchronization|ucrtbase|uiautomationcore|user32|userenv|usp10|uxtheme|version|winhttp|winmm|winspool"
    r"|ws2_32|wtsapi32|d3dcompiler_47)\.(dll|drv)$"
)
"""What every Windows 10 from 1703 on has in System32."""


def missing(folder: Path) -> dict[str, str]:
    """DLL → one file that asks for it, of those that neither ``folder``, Python nor Windows has."""
    import pefile

    own = {file.name.lower() for file in folder.rglob("*")}
    lacking: dict[str, str] = {}
    for file in sorted(folder.rglob("*")):
        if file.suffix.lower() in {".dll", ".pyd"} and file.read_bytes()[:2] == b"MZ":
            program = pefile.PE(str(file), fast_load=True)
            program.parse_data_directories([pefile.DIRECTORY_ENTRY["IMAGE_DIRECTORY_ENTRY_IMPORT"]])
            for entry in getattr(program, "DIRECTORY_ENTRY_IMPORT", ()):
                name = entry.dll.decode("ascii").lower()
                if name not in own and not PYTHON.search(name) and not WINDOWS.match(name):
                    lacking.setdefault(name, file.relative_to(folder).as_posix())
            program.close()
    return lacking
