"""The history of a unit in words, in the language in use."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from xlscore import identity
from xlscore.histories.lines import Line, short, spelt_hash, spelt_time
from xlscore.i18n import _, shown
from xlscore.layout import NOTHING


def words(line: Line, zone: ZoneInfo) -> str:
    """Say a line for reading, in the language in use; what units typed is shortened."""
    facts = {key: short(value) if isinstance(value, str) else value
             for key, value in line.facts.items()}  # fmt: skip
    match line.kind:
        case "form-issued":
            said = _issued_words(facts)
        case "form-copied":
            said = _("Marked copy {serial} of form {copy_of} made.", **facts)
        case "form-revoked":
            said = _("Form {serial} revoked: {reason}", **facts)
        case "form-released":
            said = (
                _("Form {serial} put into a letter draft to {target}.", **facts)
                if facts["channel"] == "mail"
                else _("Form {serial} handed out into {target}.", **facts)
            )
        case "arrived":
            said = _arrival_words(line.facts, zone)
        case "recovered":
            said = _("Arrival {submission} was written anew by a rebuild.", **facts)
        case "evidence":
            said = _("Evidence: {file}, SHA-256 {hash}.", file=facts["file"],
                     hash=spelt_hash(line.facts["sha256"]))  # fmt: skip
        case "edition-frozen":
            said = _edition_words(facts)
        case kind if kind.endswith("-arrived"):
            said = _book_words(line, zone)
        case _:
            said = decision_words(line, zone)
    role = facts.get("role")
    return said + (" " + _("Role: {role}.", role=role) if role else "")


def _issued_words(facts: Mapping[str, Any]) -> str:
    match facts["kind"]:
        case identity.REPLY:
            return _("Reply form {serial} issued, after appraisal round {round}.", **facts)
        case identity.RESULT_SHEET:
            return _("Result sheet {serial} issued.", **facts)
        case identity.RESULT_BOOK:
            return _("Authorisation {serial} to report results issued.", **facts)
    return _("Form {serial} issued.", **facts)


def _arrival_words(facts: Mapping[str, Any], zone: ZoneInfo) -> str:
    counts, status = facts["findings"], facts["status"]
    said = [
        _("Arrival {submission}, version {version}: {file}, SHA-256 {hash}, form {serial}.",
          submission=facts["submission"], version=facts["version"], file=short(facts["file"]),
          hash=spelt_hash(facts["sha256"]), serial=facts["serial"] or "-"),
        _("Received {time}: {status}; errors {errors}, warnings {warnings}, notes {notes}.",
          time=spelt_time(facts["received"], zone), status=_(status), errors=counts["error"],
          warnings=counts["warning"], notes=counts["note"]),
    ]  # fmt: skip
    if facts["judged_again"]:
        said.append(_("Arrival {number} judged again.", number=facts["judged_again"]))
    if facts["unproven"]:
        said.append(_("Whether it came in time is not proven."))
    elif facts["late"]:
        said.append(_("Late."))
    if facts["void"]:
        said.append(_("Void."))
    if facts["counts"]:
        said.append(_("THIS ONE COUNTS NOW."))
    return " ".join(said)


def _book_words(line: Line, zone: ZoneInfo) -> str:
    facts = line.facts
    counts, status = facts["findings"], facts["status"]
    said = [
        _("Arrival {submission}, {what}: {file}, SHA-256 {hash}, form {serial}.",
          submission=facts["submission"], what=book_title(line.kind, facts), file=short(facts["file"]),
          hash=spelt_hash(facts["sha256"]), serial=facts["serial"] or "-"),
        _("Received {time}: {status}; errors {errors}, warnings {warnings}, notes {notes}.",
          time=spelt_time(facts["received"], zone), status=_(status),
          errors=counts["error"], warnings=counts["warning"], notes=counts["note"]),
    ]  # fmt: skip
    match line.kind:
        case "appraisal-arrived" | "council-arrived":
            said.append(_("On this unit: {accept} rows accepted, {adjust} adjusted, {query} queried.",
                          **facts["decisions"]))  # fmt: skip
        case "reply-arrived":
            said.append(_("{rows} rows replied to.", rows=facts["rows"]))
        case "survey-arrived":
            said.append(_("{figures} figures of {year} on this unit; source: {source}.",
                          figures=facts["figures"], year=facts["year"] or "-",
                          source=short(str(facts["source"])) or "-"))  # fmt: skip
    if facts["void"]:
        said.append(_("Void."))
    return " ".join(said)


def _edition_words(facts: Mapping[str, Any]) -> str:
    said = _("Edition {number} frozen.", number=facts["edition"])
    if not facts["known"]:
        return f"{said} " + _("What it said of this unit is not in the archive any more.")
    if facts["index"] is None:
        return f"{said} " + _("This unit had no result in it.")
    index = shown(Decimal(facts["index"]))
    rank, band = facts["rank"] or NOTHING, facts["band"] or NOTHING
    told = _("Index {index} %, rank {rank}, band {band}.", index=index, rank=rank, band=band)
    return f"{said} {told}"


def book_title(kind: str, facts: Mapping[str, Any]) -> str:
    """Say whose book it is that arrived."""
    subject, round_ = short(facts["subject"]), facts["round"]
    match kind:
        case "appraisal-arrived":
            return _("appraisal book of {agency}, round {round}", agency=subject, round=round_)
        case "council-arrived":
            return _("the council's sheet")
        case "reply-arrived":
            return _("reply after appraisal round {round}", round=round_)
        case "survey-arrived":
            return _("survey figures of tier {tier}", tier=subject)
    return _("book of results of {unit}", unit=subject)


def decision_words(line: Line, zone: ZoneInfo) -> str:
    """Say a decision: what was decided about an arrival, or waived."""
    facts = {key: short(value) if isinstance(value, str) else value
             for key, value in line.facts.items()}  # fmt: skip
    if line.kind == "judged-again":
        return _("Arrival {submission} judged again as {again} by {by}: {reason}", **facts)
    body = line.facts["body"]
    values = {name: facts[name] for name in ("submission", "reason", "by")}
    match line.kind:
        case "voided":
            return _("Arrival {submission} declared void by {by}: {reason}", **values)
        case "restored":
            return _("Arrival {submission} counts again, says {by}: {reason}", **values)
        case "timed":
            moment = spelt_time(body["received"], zone)
            return _("Arrival {submission} taken as received {time} by {by}: {reason}",
                     time=moment, **values)  # fmt: skip
    del values["submission"]
    row = short(str(body.get("row", "")))
    about = {
        "code": short(str(body.get("code", ""))),
        "where": _("row {row}", row=row) if row else _("all rows"),
    }
    if line.kind == "waived":
        return _("{code} waived ({where}) by {by}: {reason}", **about, **values)
    return _("{code} no longer waived ({where}), says {by}: {reason}", **about, **values)
