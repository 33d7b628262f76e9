"""What stands behind a sheet's cells and acts on them: links, and lists to choose from."""

from __future__ import annotations

from dataclasses import dataclass, field

from xlscore.workbooks.package.xml import Attributes, local_name


@dataclass
class Extras:
    """Links and lists, gathered from the elements around `sheetData`.

    Attributes:
        links: cells, place in the workbook, id of the relationship to a place outside.
        rules: cells and index of the style that a conditional format lays over them.
        lists: cells and the source of what they offer; newer programs write some of them as extensions.
    """

    links: list[tuple[str, str, str]] = field(default_factory=list)
    lists: list[tuple[str, str]] = field(default_factory=list)
    rules: list[tuple[str, str]] = field(default_factory=list)
    _ruled: str = ""
    _offers: bool = False
    _texts: dict[str, str] = field(default_factory=dict)
    _within: str = ""

    def start(self, name: str, attributes: Attributes) -> None:
        """Take the beginning of an element."""
        tag = local_name(name)
        if tag == "hyperlink":
            said = (attributes.get(key, "") for key in ("ref", "location", "r:id"))
            cells, location, outside = said
            self.links.append((cells, location, outside))
        elif tag == "conditionalFormatting":
            self._ruled = attributes.get("sqref", "")
        elif tag == "cfRule" and "dxfId" in attributes:
            self.rules.append((self._ruled, attributes["dxfId"]))
        elif tag == "dataValidation":
            self._offers = attributes.get("type") == "list"
            self._texts = {"sqref": attributes.get("sqref", ""), "formula1": ""}
        elif tag in self._texts:
            self._within = tag

    def characters(self, text: str) -> None:
        """Take text between elements."""
        if self._within:
            self._texts[self._within] += text

    def end(self, name: str) -> None:
        """Take the end of an element."""
        tag = local_name(name)
        if tag == "dataValidation":
            if self._offers:
                self.lists.append((self._texts["sqref"].strip(), self._texts["formula1"].strip()))
            self._texts = {}
        elif tag == self._within:
            self._within = ""
