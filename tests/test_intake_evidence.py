"""Documents of evidence: kept, never judged; what lies elsewhere is told where it belongs."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from tests.intake_office import NOW, Office, codes, posix, sha
from xlscore.blobs import blob_path
from xlscore.intake import session
from xlscore.ledger import EvidenceFile
from xlscore.upkeep import rebuild

PDF = b"%PDF-1.7 mot"


def kept(office: Office) -> list[tuple[str, str, str]]:
    return [(e.file, e.unit, e.sha256) for e in office.evidence()]


def refused(office: Office) -> dict[str, list[str]]:
    return {r.file: codes(r.findings) for r in office.recorded()}


def test_a_document_of_evidence_is_archived_hashed_and_listed(office: Office) -> None:
    office.put("stp/Minh chứng/1.1/ke hoach.pdf", PDF)
    result = office.collect(now=lambda: NOW)
    entry = "stp/Minh chứng/1.1/ke hoach.pdf"
    file = EvidenceFile(1, entry.encode(), sha(PDF), len(PDF), entry, "STP", NOW)
    assert (result.evidence, result.recorded, result.waiting) == ([file], [], [])
    assert office.evidence() == [file]
    assert blob_path(office.workspace.archive, sha(PDF)).read_bytes() == PDF
    assert not result.needs_attention
    with office.ledger() as ledger:
        assert [e.kind for e in ledger.events()][-1] == "evidence"
    assert office.collect().unchanged == 1


def test_a_new_version_takes_the_place_of_the_former(office: Office) -> None:
    for content in (PDF, b"hai", PDF, b"ba"):
        office.put("STP/minh-chung/a.pdf", content)
        office.collect()
    office.put("STP/minh-chung/b.pdf", PDF)
    office.collect()
    assert kept(office) == [
        ("STP/minh-chung/a.pdf", "STP", sha(b"ba")),
        ("STP/minh-chung/b.pdf", "STP", sha(PDF)),
    ]
    assert office.generations() == {b"STP/minh-chung/a.pdf": 4, b"STP/minh-chung/b.pdf": 1}
    assert office.blobs() == {sha(PDF), sha(b"hai"), sha(b"ba")}


def test_a_touched_document_is_no_new_version(office: Office) -> None:
    office.put("STP/minh-chung/a.pdf", PDF)
    office.collect()
    office.put("STP/minh-chung/a.pdf", PDF)
    assert office.collect().evidence == []
    assert len(office.evidence()) == 1


def test_a_scorecard_among_the_evidence_counts(office: Office) -> None:
    office.put("STP/minh-chung/phieu.xlsx", "first")
    office.put("STP/minh-chung/khac.xlsx", "other")
    office.collect()
    assert office.told() == [
        ("STP/minh-chung/khac.xlsx", "rejected", 1),
        ("STP/minh-chung/phieu.xlsx", "valid", 1),
    ]
    assert office.evidence() == []


def test_another_workbook_among_the_evidence_is_evidence(office: Office) -> None:
    office.put("STP/minh-chung/so lieu.xlsx", b"PK\3\4 no scorecard")
    office.put("STP/minh-chung/cu.xls", b"old")
    office.collect()
    assert [e.file for e in office.evidence()] == [
        "STP/minh-chung/cu.xls",
        "STP/minh-chung/so lieu.xlsx",
    ]
    assert office.recorded() == []


def test_a_workbook_that_is_still_being_copied_waits_among_the_evidence_too(
    office: Office,
) -> None:
    office.settle_on(intake={"incomplete_minutes": "10"})
    with office.watched() as watched:
        office.put("STP/minh-chung/phieu.xlsx", office.returns["first"][:4000])
        assert watched.look().evidence == []
        office.put("STP/minh-chung/phieu.xlsx", "first")
        assert len(watched.look(60).recorded) == 1
    assert office.evidence() == []


@pytest.mark.parametrize("name", ["la/minh-chung/a.pdf", "minh-chung/a.pdf", "STP/a.pdf", "a.docx"])
def test_a_document_elsewhere_is_told_where_it_belongs(office: Office, name: str) -> None:
    office.put(name, PDF)
    office.collect()
    (told,) = office.recorded()
    (found,) = told.findings
    assert (found.name, found.code, found.file) == ("misplaced-evidence", "P022", name)
    unit = "STP" if name.startswith("STP/") else "…"
    assert found.params["folder"] == f"{unit}/minh-chung"
    assert office.evidence() == []


@pytest.mark.parametrize("name", ["ke hoach.pdf", "so lieu.xlsx"])
@pytest.mark.parametrize("first", ["", "STP/", "la/"])
def test_a_document_that_is_put_where_it_belongs_afterwards_is_kept(
    office: Office, first: str, name: str
) -> None:
    put = office.put(f"{first}{name}", PDF)
    office.collect()
    assert len(office.recorded()) == 1
    target = office.inbox / "STP" / "minh-chung" / name
    target.parent.mkdir(parents=True, exist_ok=True)
    put.rename(target)
    office.collect()
    assert kept(office) == [(f"STP/minh-chung/{name}", "STP", sha(PDF))]


def test_the_same_document_for_two_units_is_kept_for_each(office: Office) -> None:
    for unit in ("STC", "STP"):
        office.put(f"{unit}/minh-chung/a.pdf", PDF)
    office.collect()
    assert [(e.unit, e.sha256) for e in office.evidence()] == [("STC", sha(PDF)), ("STP", sha(PDF))]
    assert office.blobs() == {sha(PDF)}


def sparse(path: Path, size: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as stream:
        stream.truncate(size)


@posix
def test_a_document_that_is_too_large_is_refused_by_name(office: Office) -> None:
    sparse(office.inbox / "STP/minh-chung/video.mp4", (200 << 20) + 1)
    office.collect()
    assert refused(office) == {"STP/minh-chung/video.mp4": ["evidence-too-large"]}
    assert (office.evidence(), office.blobs()) == ([], set())
    assert office.collect().unchanged == 1


def test_a_document_may_be_larger_than_a_scorecard(office: Office) -> None:
    office.put("STP/minh-chung/a.pdf", bytes(21 << 20))
    office.put("STP/phieu.xlsx", bytes(21 << 20))
    office.collect()
    assert [e.size for e in office.evidence()] == [21 << 20]
    assert refused(office) == {"STP/phieu.xlsx": ["too-large"]}


@posix
def test_a_link_among_the_evidence_is_refused_by_name(office: Office) -> None:
    target = office.put("STP/minh-chung/a.pdf", PDF)
    (target.parent / "b.pdf").symlink_to(target)
    office.collect()
    assert refused(office) == {"STP/minh-chung/b.pdf": ["symlink"]}
    assert [e.file for e in office.evidence()] == ["STP/minh-chung/a.pdf"]


def test_a_rebuild_knows_that_a_form_took_the_place_of_a_document(office: Office) -> None:
    office.put("STP/minh-chung/phieu.xlsx", b"PK no form of ours at all" * 50)
    office.collect(now=lambda: NOW)
    office.put("STP/minh-chung/phieu.xlsx")
    assert len(office.collect(now=lambda: NOW + timedelta(hours=1)).recorded) == 1
    office.workspace.ledger_path.unlink()
    rebuild(office.workspace, NOW + timedelta(hours=2))
    again = office.collect()
    assert (again.recorded, again.evidence) == ([], [])


def test_forms_are_taken_before_documents(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "_CHUNK", 1)
    office.put("STP/minh-chung/a.pdf", PDF)
    office.put("z.xlsx")
    office.collect()
    with office.ledger() as ledger:
        seen = {s.id: entry for entry, s in ledger.sightings().items()}
    assert [seen[number] for number in sorted(seen)] == [b"z.xlsx", b"STP/minh-chung/a.pdf"]
