"""The story of a row in words, in the language in use: what was declared, said, replied, decided."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from xlscore.histories.lines import Line, given, number, points, short, spelt_hash, spelt_time
from xlscore.histories.record import Section, Statement
from xlscore.histories.rows import Story
from xlscore.histories.unit_words import decision_words
from xlscore.i18n import _
from xlscore.layout import NOT_APPLICABLE
from xlscore.methods.consolidated import Quantity

_TEXT = 2000
"""Reasons, replies and evidence are told whole: this is what a cell of a form may well hold."""

Facts = Mapping[str, Any]


def section_title(section: Section) -> str:
    """Return the heading of a section."""
    return {
        Section.DECLARED: _("Self-assessment"),
        Section.APPRAISED: _("Appraisal"),
        Section.REPLIED: _("Replies of the unit"),
        Section.COUNCIL: _("Council"),
        Section.FIGURES: _("Figures of others"),
        Section.DECISIONS: _("Decisions and waivers"),
    }[section]


def statement_words(story: Story, told: Statement) -> str:
    """Say one statement."""
    match told.kind:
        case "declared":
            return _declared(story, told.facts)
        case "appraised":
            whole = _word(told.facts)
            return f"{round_words(story, told.facts['round'])}, {whole}"
        case "council":
            return _word(told.facts)
        case "replied":
            return _reply(story, told.facts)
        case "published":
            return _published(told.facts)
        case "derived":
            return _derived(story, told.facts)
        case "peers":
            units = "; ".join(map(_peer, told.facts["units"]))
            return _("Best value of the tier: {best}, of {units}.",
                     best=number(told.facts["best"]), units=units)  # fmt: skip
        case "reported":
            return _reported(story, told.facts)
    return _decision(story, told)


# --- the unit -------------------------------------------------------------------------------------------


def _declared(story: Story, facts: Facts) -> str:
    said = [
        _("Arrival {submission}, version {version}: {file}, SHA-256 {hash}, form {serial}.",
          submission=facts["submission"], version=facts["version"], file=short(facts["file"]),
          hash=spelt_hash(facts["sha256"]), serial=facts["serial"] or "-"),
        _("Received {time}.", time=_time(story, facts["received"])),
    ]  # fmt: skip
    if facts["role"]:
        said.append(_("Role: {role}.", role=facts["role"]))
    said += _entered(facts) if facts["read"] else [_("Nothing of it was read.")]
    return " ".join([*said, _standing(facts)])


def _entered(facts: Facts) -> Iterable[str]:
    if facts["not_applicable"]:
        place = _at(facts["not_applicable_place"])
        yield _("The unit says “{answer}”{place}.", answer=NOT_APPLICABLE, place=place)
    elif facts["values"]:
        yield figures_words(facts["values"]) + "."
    if facts["self"] is not None:
        yield _("Self score: {points}.", points=points(facts["self"]))
    elif not facts["not_applicable"] and not facts["values"]:
        yield _("Nothing was entered.")
    if facts["evidence"]:
        yield _("Evidence: “{said}”.", said=short(facts["evidence"], _TEXT))
    if facts["explanation"]:
        yield _("Explanation: “{said}”.", said=short(facts["explanation"], _TEXT))


def _standing(facts: Facts) -> str:
    because = short(str(facts["because"]), _TEXT)
    return {
        "": _("THIS ONE COUNTS."),
        "void": _("Does not count: declared void: {reason}.", reason=because),
        "draft": _("Does not count: a draft."),
        "old-rubric": _("Does not count: it follows an older rubric."),
        "passed-over": _("Does not count: {reason}", reason=because or "-"),
        "replaced": _("Does not count: arrival {other} took its place.", other=facts["other"]),
    }.get(facts["why"], _("Does not count: it was refused."))


def _reply(story: Story, facts: Facts) -> str:
    said = [
        _("Reply after {round}: “{said}”.",
          round=round_words(story, facts["round"]), said=short(facts["text"], _TEXT)),
    ]  # fmt: skip
    if facts["evidence"]:
        said.append(_("Added evidence: “{said}”.", said=short(facts["evidence"], _TEXT)))
    said.append(_source(facts))
    if facts["verdict"] == "void":
        said.append(
            _("Does not count: declared void: {reason}.", reason=short(facts["because"], _TEXT))
        )
    elif facts["verdict"] == "refused":
        said.append(_("Does not count: it was refused."))
    elif facts["verdict"] == "replaced":
        said.append(_("A later reply took its place."))
    return " ".join(said)


# --- appraisers and the council -------------------------------------------------------------------------


def _word(facts: Facts) -> str:
    whose = short(facts["title"])
    if facts["agency"] != facts["title"]:
        whose += f" ({facts['agency']})"
    said = [f"{whose} {_decided(facts)}"]
    if facts["rest"]:
        said.append(_("(By the cell that accepts everything left.)"))
    if facts["reason"]:
        said.append(_("Reason: “{said}”.", said=short(facts["reason"], _TEXT)))
    return " ".join([*said, _source(facts), _verdict(facts)])


def _decided(facts: Facts) -> str:
    gives = given(facts["gives"], left_out=facts["left_out"])
    unknown = facts["gives"] is None and not facts["left_out"]
    if facts["decision"] == "query":
        return _("asks the unit to explain.")
    if facts["decision"] == "accept":
        accepted = _("accepts: {points}.", points=gives)
        return _("accepts what the unit declared.") if unknown else accepted
    if facts["values"]:
        figures = figures_words(facts["values"])
        if unknown:
            return _("enters other figures: {figures}.", figures=figures)
        return _("enters other figures: {figures}; by the rule {points}.",
                 figures=figures, points=gives)  # fmt: skip
    return _("adjusts to {points}.", points=points(facts["points"]))


def _verdict(facts: Facts) -> str:
    other = {"other": facts["other_by"], "number": facts["other"]}
    return {
        "counts": _("THIS ONE COUNTS."),
        "agrees": _("Agrees with {other} (arrival {number}).", **other),
        "asks": _("A question decides nothing."),
        "waits": _("Does not count: {other} asks in the same round (arrival {number}).", **other),
        "yields": _("{other} speaks on the row itself (arrival {number}).", **other),
        "conflict": _(
            "Does not count: contradicted by {other} (arrival {number}); neither does.", **other
        ),
        "replaced": _("Does not count: said anew in arrival {number}.", **other),
        "overruled": _("A later word decides: {other} (arrival {number}).", **other),
        "outdated": _("Does not count: the unit has changed its figures since; the row was reopened."),
        "void": _("Does not count: declared void: {reason}.", reason=short(facts["because"], _TEXT)),
        "refused": _("Does not count: it was refused."),
        "unheard": _("Does not count: the unit has nothing there that it could be about."),
    }[facts["verdict"]]  # fmt: skip


# --- others -----------------------------------------------------------------------------------------------


def _published(facts: Facts) -> str:
    source = short(facts["source"], _TEXT) or _("Survey")
    said = [f"{source}, {facts['year']}: {number(facts['value'])}."]
    if facts["fallback"]:
        said.append(_("A value of the year {year}, in place of one that is not out yet.",
                      year=facts["year"]))  # fmt: skip
    if facts["submission"]:
        said.append(_("Arrival {submission}, {file}.", submission=facts["submission"],
                      file=short(facts["file"])))  # fmt: skip
    else:
        said.append(_("From the survey files of the campaign."))
    if facts["by"]:
        said.append(_("Entered by {by}.", by=short(facts["by"])))
    if facts["why"] == "void":
        said.append(_("Void."))
    said.append(_("THIS ONE COUNTS.") if facts["counts"] else _("Does not count."))
    return " ".join(said)


def _derived(story: Story, facts: Facts) -> str:
    if facts["value"] is None:
        return _("Not known yet: it follows once nothing is open in appraisal.")
    value = number(facts["value"])
    match facts["quantity"]:
        case Quantity.DAYS_LATE:
            return _("Days late: {value}. Received {received}, deadline {deadline}.", value=value,
                     received=_time(story, facts["received"]),
                     deadline=_time(story, facts["deadline"]))  # fmt: skip
        case Quantity.EVIDENCE_COVERAGE:
            return _("Evidence: {proven} of {claimed} claimed rows have it, {value}%.", value=value,
                     proven=facts["proven"], claimed=facts["claimed"])  # fmt: skip
    return _("Gap: {value} points; self total {own}, appraised total {appraised}.", value=value,
             own=points(facts["self_total"]), appraised=points(facts["appraised_total"]))  # fmt: skip


def _peer(facts: Facts) -> str:
    return _("{unit} (event {event})", unit=f"{facts['name']} – {facts['unit']}",
             event=facts["event"])  # fmt: skip


def _reported(story: Story, facts: Facts) -> str:
    said = [
        _("Book of results of {parent}, made {time}: self score {own}, achieved {achieved}.",
          parent=facts["parent"], time=_time(story, facts["made"]), own=points(facts["self"]),
          achieved=points(facts["achieved"])),
    ]  # fmt: skip
    if facts["by"]:
        said.append(_("Decided there by {by}.", by=short(facts["by"])))
    if facts["reason"]:
        said.append(_("Reason: “{said}”.", said=short(facts["reason"], _TEXT)))
    said.append(_("Arrival {submission}, {file}.", submission=facts["submission"],
                  file=short(facts["file"])))  # fmt: skip
    said.append(_("THIS ONE COUNTS.") if facts["counts"] else _("Does not count."))
    return " ".join(said)


def _decision(story: Story, told: Statement) -> str:
    if told.kind == "waived-in-campaign":
        row = _("row {row}", row=told.facts["row"]) if told.facts["row"] else _("all rows")
        return _("{code} waived ({where}) in campaign.yaml by {by}: {reason}",
                 code=told.facts["code"], where=row, by=short(told.facts["by"]),
                 reason=short(told.facts["reason"], _TEXT))  # fmt: skip
    line = Line(told.event, told.at or story.now, told.actor, told.kind, told.facts)
    return decision_words(line, story.workspace.campaign.zone)


# --- parts --------------------------------------------------------------------------------------------------


def figures_words(values: Iterable[Facts]) -> str:
    """Say inputs of a row, each with what the form calls it, and its place where one is told."""
    return "; ".join(
        f"{short(figure['label'], _TEXT)} = {_value(figure)}{_at(figure.get('place', ''))}"
        for figure in values
    )


def _value(figure: Facts) -> str:
    value = str(figure["value"])
    return short(value, _TEXT) if figure["choice"] else number(value)


def _at(place: str) -> str:
    return " " + _("(cell {place})", place=short(place)) if place else ""


def _source(facts: Facts) -> str:
    where = ", ".join(filter(None, (short(facts["file"]), short(facts["place"]))))
    return _("Arrival {submission}: {where}, SHA-256 {hash}.", submission=facts["submission"],
             where=where, hash=spelt_hash(facts["sha256"]))  # fmt: skip


def round_words(story: Story, number_: int) -> str:
    """Return how a round is called; also one that the campaign has no longer."""
    settings = story.workspace.campaign.settings.appraisal
    known = 1 <= number_ <= len(settings.rounds)
    return settings.round_title(number_) if known else f"Thẩm định lần {number_}"


def _time(story: Story, stamp: str) -> str:
    return spelt_time(stamp, story.workspace.campaign.zone)
