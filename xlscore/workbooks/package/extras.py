"""What stands behind a sheet's cells and acts on them: links, lists to choose from, headers, rules."""

from __future__ import annotations

from dataclasses import dataclass, field

from xlscore.workbooks.package.xml import Attributes, local_name

_ON = frozenset({"1", "true", "on"})
_MARGINS = frozenset(
    f"{page}{end}" for page in ("odd", "even", "first") for end in ("Header", "Footer")
)
_PROMPT = ("promptTitle", "prompt", "errorTitle", "error")

Detail = tuple[str, Attributes]


@dataclass
class Extras:
    """Links, lists, headers and rules, gathered from the elements around `sheetData`.

    Attributes:
        links: cells, place in the workbook, id of the relationship to a place outside.
        rules: cells and index of the style that a conditional format lays over them.
        own_rules: cells and elements of the style that a conditional format of newer programs brings along.
        lists: cells and the source of what they offer; newer programs write some of them as extensions.
        prompts: cells and what is said to whoever types there.
        margins: headers and footers by the names of their elements.
        shows_formulas: whether a view shows formulas in place of their values.
        hides_by_default: whether rows or columns for which no size is given are too small to be read.
    """

    links: list[tuple[str, str, str]] = field(default_factory=list)
    lists: list[tuple[str, str]] = field(default_factory=list)
    rules: list[tuple[str, str]] = field(default_factory=list)
    own_rules: list[tuple[str, list[Detail]]] = field(default_factory=list)
    prompts: list[tuple[str, str]] = field(default_factory=list)
    margins: dict[str, str] = field(default_factory=dict)
    shows_formulas: bool = False
    hides_by_default: bool = False
    _ruled: str = ""
    _styles: list[list[Detail]] = field(default_factory=list)
    _in_style: bool = False
    _offers: bool = False
    _said: str = ""
    _texts: dict[str, str] = field(default_factory=dict)
    _within: str = ""

    def start(self, name: str, attributes: Attributes) -> None:
        """Take the beginning of an element."""
        tag = local_name(name)
        if self._in_style:
            self._styles[-1].append((tag, attributes))
        elif tag in self._texts:
            self._within = tag
        elif tag == "hyperlink":
            said = (attributes.get(key, "") for key in ("ref", "location", "r:id"))
            cells, location, outside = said
            self.links.append((cells, location, outside))
        elif tag == "sheetView":
            self.shows_formulas |= attributes.get("showFormulas") in _ON
        elif tag in _MARGINS:
            self._texts, self._within = {tag: ""}, tag
        elif tag == "dataValidation":
            self._offers = attributes.get("type") == "list"
            self._texts = {"sqref": attributes.get("sqref", ""), "formula1": ""}
            self._said = " – ".join(text for key in _PROMPT if (text := attributes.get(key, "")))
        else:
            self._start_rule(tag, attributes)

    def _start_rule(self, tag: str, attributes: Attributes) -> None:
        if tag == "conditionalFormatting":
            self._ruled, self._styles = attributes.get("sqref", ""), []
            self._texts = {"sqref": ""}  # newer programs write the cells at the end
        elif tag == "cfRule" and "dxfId" in attributes:
            self.rules.append((self._ruled, attributes["dxfId"]))
        elif tag == "dxf":
            self._styles.append([])
            self._in_style = True

    def characters(self, text: str) -> None:
        """Take text between elements."""
        if self._within in self._texts:
            self._texts[self._within] += text

    def end(self, name: str) -> None:
        """Take the end of an element."""
        tag = local_name(name)
        if tag == "dataValidation":
            cells = self._texts.get("sqref", "").strip()
            if self._offers:
                self.lists.append((cells, self._texts.get("formula1", "").strip()))
            if self._said:
                self.prompts.append((cells, self._said))
            self._texts = {}
        elif tag == "conditionalFormatting":
            cells = self._ruled or self._texts.get("sqref", "").strip()
            self.own_rules += [(cells, style) for style in self._styles]
            self._texts = {}
        elif tag == "dxf":
            self._in_style = False
        elif tag == self._within:
            self._within = ""
            if tag in _MARGINS:
                self.margins[tag] = self._texts.get(tag, "")
                self._texts = {}
