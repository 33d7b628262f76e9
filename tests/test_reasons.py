"""What the system refuses, in the operator's words."""

from __future__ import annotations

import errno
import pickle

import pytest

from xlscore.reasons import SaidError, of_system
from xlscore.table import TableError


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OSError(errno.ENOENT, "No such file"), ("không có tệp này", "there is no such file")),
        (OSError(errno.ENOSPC, "No space left"), ("đĩa đã đầy", "the disk is full")),
        (OSError(errno.EIO, "I/O error", "a"), ("hệ thống báo lỗi (mã lỗi 5)", "I/O error")),
        (OSError("something"), ("hệ thống báo lỗi", "something")),
    ],
)
def test_what_is_not_foreseen_has_its_number_in_vietnamese_and_its_text_in_english(
    error: OSError, words: tuple[str, str]
) -> None:
    assert of_system(error) == words


@pytest.mark.parametrize("kind", [SaidError, TableError])
def test_a_failure_that_crosses_processes_says_the_same_in_both_languages(
    kind: type[SaidError],
) -> None:
    told = pickle.loads(pickle.dumps(kind(("hỏng", "broken"))))  # noqa: S301  our own bytes
    assert (type(told), told.words, str(told)) == (kind, ("hỏng", "broken"), "broken")
