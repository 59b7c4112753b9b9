"""Whoever has the key opens a send file without us: the recipe of docs/send-file.md, as printed there."""

from __future__ import annotations

import hashlib
import io
import json
import re
import shutil
import subprocess
import tarfile
from pathlib import Path

import pyrage
import zstandard

from tests.factories import make_household
from villagedesk.desk import create_desk
from villagedesk.drafts.team import VillageDraft
from villagedesk.hub import create_hub
from villagedesk.store.wraps import Cost

from .conftest import LINES, SCAN

ROOT = Path(__file__).resolve().parents[3]
TOOLS = ("age", "zstd", "tar", "jq", "sha256sum", "tail")


def recipes() -> list[str]:
    """The lines as printed: opening the file, then asking its lines."""
    return re.findall(r"```sh\n(.*?)```", (ROOT / "docs" / "send-file.md").read_text("utf-8"), re.DOTALL)


def by_libraries(path: Path, identity: str, folder: Path) -> list[str]:
    """The same steps with other people's libraries, for a machine that lacks the tools."""
    payload = path.read_bytes().split(b"\n", 2)[2]
    packed = pyrage.decrypt(payload, [pyrage.x25519.Identity.from_str(identity)])
    unpacked = zstandard.ZstdDecompressor().decompressobj().decompress(packed)
    with tarfile.open(fileobj=io.BytesIO(unpacked)) as archive:
        for member in filter(tarfile.TarInfo.isfile, archive):
            file = folder / "inside" / member.name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(archive.extractfile(member).read())
    inside = folder / "inside"
    for digest, name in (line.split("  ") for line in (inside / "manifest-sha256.txt").read_text().splitlines()):
        assert hashlib.sha256((inside / name).read_bytes()).hexdigest() == digest
    shown = [
        json.loads((inside / "datapackage.json").read_bytes())["villagedesk"],
        json.loads((inside / "totals.json").read_bytes())["totals"],
    ]
    lines = b"".join(part.read_bytes() for part in sorted((inside / "revisions").iterdir())).splitlines()
    shown += [[json.loads(line)["d"], json.loads(line)["s"]] for line in lines]
    return [json.dumps(part, separators=(",", ":"), sort_keys=True) for part in shown]


def by_tools(path: Path, folder: Path, recipe: str) -> list[str]:
    run = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", recipe],
        cwd=folder,
        env={"FILE": str(path), "PATH": "/usr/bin:/bin:/usr/local/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    return run.stdout.splitlines()


def test_the_recipe_opens_the_file(road, tmp_path):
    written = road.write()
    (tmp_path / "key").write_text(road.hub.identity + "\n", "ascii")
    if all(map(shutil.which, TOOLS)):
        shown = by_tools(written.path, tmp_path, recipes()[0])
    else:
        shown = by_libraries(written.path, road.hub.identity, tmp_path)
    description = json.loads(shown[0])
    assert description | written.header.inner == description
    assert json.loads(shown[1]) == {"households": 3}
    assert shown[2:] == [f'["laptop-a",{number}]' for number in range(len(LINES))]
    kept = tmp_path / "inside" / "attachments" / hashlib.sha256(SCAN).hexdigest()
    assert kept.read_bytes() == SCAN


def test_the_file_of_a_real_desk_is_opened_and_its_lines_asked_in_sqlite(tmp_path):
    village = VillageDraft(code="321324111001", name="东村", profile="jiangsu-2018")
    hub, _ = create_hub(tmp_path / "hub", "three green hills", "界集镇", "321324111")
    desk, _ = create_desk(tmp_path / "desk", "three green hills", village, author="李工", cost=Cost(8, 1, 1))
    with hub, desk:
        desk.sync.join(hub.township.invite(village.code, tmp_path), "laptop")
        desk.households.save(make_household(), "visit")
        sent = desk.sync.send(tmp_path)
        (tmp_path / "key").write_text(hub.township.key.identity + "\n", "ascii")
        totals = desk.sync.status().totals
    if all(map(shutil.which, (*TOOLS, "sqlite3"))):
        opened = by_tools(sent.path, tmp_path, recipes()[0])
        counted = dict(row.split("|") for row in by_tools(sent.path, tmp_path / "inside", recipes()[1]))
    else:
        opened, counted = by_libraries(sent.path, (tmp_path / "key").read_text().strip(), tmp_path), None
    assert json.loads(opened[1]) == totals
    assert len(opened) - 2 == sent.lines
    assert counted in (None, {"household": "1", "member": str(len(make_household().members)), "village": "1"})


def test_the_package_describes_its_parts(road, tmp_path):
    """As the Frictionless data package specification asks: profile, name, resources that exist."""
    by_libraries(road.write().path, road.hub.identity, tmp_path)
    description = json.loads((tmp_path / "inside" / "datapackage.json").read_bytes())
    assert description["profile"] == "data-package"
    assert re.fullmatch(r"[a-z0-9._-]+", description["name"])
    for resource in description["resources"]:
        paths = resource["path"] if isinstance(resource["path"], list) else [resource["path"]]
        assert all((tmp_path / "inside" / path).is_file() for path in paths)
