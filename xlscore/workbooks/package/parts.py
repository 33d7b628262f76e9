"""The parts that say what a package consists of: content types and relationships (OPC)."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from typing import NamedTuple

from xlscore.workbooks.package.sniff import refuse_main_part
from xlscore.workbooks.package.values import PackageError, PackageFault
from xlscore.workbooks.package.xml import TagBudget, elements
from xlscore.workbooks.package.zip import Container

_CONTENT_TYPES = "[Content_Types].xml"
_OPEN_XML = "application/vnd.openxmlformats-officedocument.spreadsheetml."
WORKBOOK_TYPES = frozenset(
    {
        f"{_OPEN_XML}sheet.main+xml",
        f"{_OPEN_XML}template.main+xml",
        "application/vnd.ms-excel.sheet.macroenabled.main+xml",
        "application/vnd.ms-excel.template.macroenabled.main+xml",
    }
)
STRINGS_TYPES = frozenset({f"{_OPEN_XML}sharedstrings+xml"})
STYLES_TYPES = frozenset({f"{_OPEN_XML}styles+xml"})
# Strict OOXML names two relationships differently.
_STRICT_KINDS = {
    "customProperties": "custom-properties",
    "extendedProperties": "extended-properties",
}


class Relationship(NamedTuple):
    """A link from one part to another: the last step of its type, and the part it names."""

    kind: str
    target: str
    external: bool


class ContentTypes:
    """The declared content type of each part, lower-cased."""

    def __init__(self, container: Container, budget: TagBudget) -> None:
        """Read `[Content_Types].xml`; raise AMBIGUOUS where it contradicts itself."""
        self._defaults: dict[str, str] = {}
        self._overrides: dict[str, str] = {}
        content = container.read(_CONTENT_TYPES)
        for path, attributes, _ in elements(content, _CONTENT_TYPES, budget):
            content_type = attributes.get("ContentType", "").lower()
            if path == "ct:Types/ct:Default":
                self._add(self._defaults, attributes.get("Extension", ""), content_type)
            elif path == "ct:Types/ct:Override":
                self._add(self._overrides, attributes.get("PartName", ""), content_type)

    def of(self, part: str) -> str:
        """The content type of a part, "" where none is declared."""
        extension = part.rpartition(".")[2].lower()
        return self._overrides.get(f"/{part.lower()}") or self._defaults.get(extension, "")

    def only(self, part: str, usual: str, wanted: frozenset[str], container: Container) -> None:
        """Raise AMBIGUOUS where another part could be taken for this one.

        Programs find the workbook, its strings and its styles by relationship, by content type,
        or simply by their `usual` names: all three ways must lead to the same part.
        """
        claimants = {name for name, declared in self._overrides.items() if declared in wanted}
        others = {name for name in claimants if name.lstrip("/") in container}
        if usual in container:
            others.add(f"/{usual.lower()}")
        others.discard(f"/{part.lower()}")
        if others:
            raise PackageError(PackageFault.AMBIGUOUS, what=f"two parts for {usual}")

    @staticmethod
    def _add(table: dict[str, str], key: str, content_type: str) -> None:
        if table.setdefault(key.lower(), content_type) != content_type:
            what = "two content types for one part"
            raise PackageError(PackageFault.AMBIGUOUS, what=what, member=key[:99])


def read_relationships(
    container: Container, part: str, budget: TagBudget
) -> dict[str, Relationship]:
    """The relationships of a part by id; the part "" stands for the package itself."""
    folder, _, name = part.rpartition("/")
    member = posixpath.join(folder, "_rels", f"{name}.rels")
    if member not in container:
        return {}
    found: dict[str, Relationship] = {}
    for path, attributes, _ in elements(container.read(member), member, budget):
        if path != "rel:Relationships/rel:Relationship":
            continue
        key = attributes.get("Id", "")
        if key in found:
            what = "two relationships with one id"
            raise PackageError(PackageFault.AMBIGUOUS, what=what, member=member)
        found[key] = _relationship(attributes, folder)
    return found


def _relationship(attributes: Mapping[str, str], folder: str) -> Relationship:
    target = attributes.get("Target", "")
    external = attributes.get("TargetMode") == "External" or ":" in target
    kind = attributes.get("Type", "").rpartition("/")[2]
    kind = _STRICT_KINDS.get(kind, kind)
    return Relationship(kind, target if external else _part_name(target, folder), external)


def _part_name(target: str, folder: str) -> str:
    """The member that a target names, seen from a folder; it must not leave the package."""
    if "\\" in target:
        raise PackageError(PackageFault.UNSAFE_PATH, what="relationship target", value=target[:99])
    if target.startswith("/"):
        folder = ""
    path = posixpath.normpath(posixpath.join(folder, target.lstrip("/")))
    if path.startswith("../") or path == "..":
        raise PackageError(PackageFault.UNSAFE_PATH, what="relationship target", value=target[:99])
    return path


def find_workbook(
    container: Container, types: ContentTypes, package: Mapping[str, Relationship]
) -> str:
    """The name of the workbook part; MISSING_PART without one, or the other format by its name."""
    part = single(package, "officeDocument", container)
    if part is None:
        raise PackageError(PackageFault.MISSING_PART, what="workbook part")
    declared = types.of(part)
    if declared not in WORKBOOK_TYPES:
        refuse_main_part(declared, part)
    types.only(part, "xl/workbook.xml", WORKBOOK_TYPES, container)
    return part


def single(found: Mapping[str, Relationship], kind: str, container: Container) -> str | None:
    """The one part of a kind, None where no relationship names any.

    AMBIGUOUS where there are several, MISSING_PART where the part lies outside or is not there.
    """
    links = [link for link in found.values() if link.kind == kind]
    if not links:
        return None
    if len(links) > 1:
        raise PackageError(PackageFault.AMBIGUOUS, what=f"more than one {kind}")
    return require(links[0], container)


def require(link: Relationship, container: Container) -> str:
    """The part that a relationship names; MISSING_PART where it is outside or absent."""
    if link.external:
        raise PackageError(PackageFault.MISSING_PART, what="external part", value=link.target[:99])
    if link.target not in container:
        raise PackageError(PackageFault.MISSING_PART, member=link.target[:99])
    return link.target
