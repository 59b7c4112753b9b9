"""The bill of materials (CycloneDX 1.6, JSON): every part of the installers, its version, licence and hashes."""

from __future__ import annotations

import re
import sys
from datetime import UTC, datetime
from pathlib import Path

from cyclonedx.builder.this import this_component
from cyclonedx.factory.license import LicenseFactory
from cyclonedx.model import ExternalReference, ExternalReferenceType, HashAlgorithm, HashType, XsUri
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packageurl import PackageURL

from release import licences, wheels
from release.environment import DIST, ROOT
from release.version import epoch, version


def write() -> Path:
    """Write ``dist/villagedesk-VERSION.cdx.json``; returns it. Raises ValueError when it breaks the schema."""
    text = document()
    faults = JsonStrictValidator(SchemaVersion.V1_6).validate_str(text)
    if faults is not None:
        raise ValueError(f"the bill of materials is not valid: {faults}")
    DIST.mkdir(exist_ok=True)
    file = DIST / f"villagedesk-{version()}.cdx.json"
    file.write_text(text + "\n", "utf-8")
    return file


def document() -> str:
    """The bill as JSON; the same checkout gives the same bytes."""
    sys.path.insert(0, str(ROOT))
    from villagedesk.licences import parts

    own = Component(
        name="villagedesk",
        version=version(),
        type=ComponentType.APPLICATION,
        bom_ref="villagedesk",
        licenses=[LicenseFactory().make_from_string("GPL-3.0-or-later")],
    )
    bill = Bom(components=[_component(part.name, part.version, part.licence) for part in parts()])
    bill.metadata.component = own
    bill.metadata.tools.components.add(this_component())
    bill.metadata.timestamp = datetime.fromtimestamp(epoch(), UTC)
    bill.serial_number = _serial()
    bill.register_dependency(own, list(bill.components))
    return str(JsonV1Dot6(bill).output_as_string(indent=2))


def _component(name: str, number: str, licence: str) -> Component:
    hashes = _hashes(name) if name in licences.carried() else []
    return Component(
        name=name,
        version=number,
        type=ComponentType.LIBRARY,
        bom_ref=f"{name}@{number}",
        purl=PackageURL("pypi", None, name, number) if hashes else None,
        licenses=[LicenseFactory().make_from_string(licence)],
        external_references=[_distribution(digest) for digest in hashes],
    )


def _hashes(name: str) -> list[str]:
    """The SHA-256 of every file of a locked library."""
    entry = re.search(rf"^{re.escape(name)}(\[.*\])?==.*(\n +--hash.*)+", wheels.LOCK.read_text("utf-8"), re.MULTILINE)
    return re.findall(r"sha256:([0-9a-f]{64})", entry[0]) if entry else []


def _distribution(digest: str) -> ExternalReference:
    """A file of the library as the index offers it; which one an installer carries depends on the machine."""
    return ExternalReference(
        type=ExternalReferenceType.DISTRIBUTION,
        url=XsUri(f"urn:sha256:{digest}"),
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=digest)],
    )


def _serial() -> object:
    import uuid

    return uuid.uuid5(uuid.NAMESPACE_URL, f"villagedesk:{version()}:{epoch()}")
