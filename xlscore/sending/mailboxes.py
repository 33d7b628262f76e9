"""The mailboxes of units and agencies, as their tables have them."""

from __future__ import annotations

from xlscore.drafts import Addressee, addresses
from xlscore.mail import MailError, address_of, mailbox
from xlscore.reasons import Words
from xlscore.sending.wanted import Problem

_NO_ADDRESS: Words = (
    "chưa có địa chỉ thư: ghi vào cột email của bảng đơn vị (nhiều địa chỉ cách nhau bằng “;”)",
    "has no mail address: put it into the column “email” of the table of units",
)


def mailboxes(to: Addressee, group: str) -> tuple[tuple[str, str], ...] | Problem:
    """Return mailboxes as (name and address, address), or what is wrong with them."""
    given = addresses(to)
    if not given:
        return Problem(f"{group}/{to.code}", to.code, _NO_ADDRESS)
    try:
        return tuple((mailbox(to.name, one), address_of(one)) for one in map(address_of, given))
    except MailError as error:
        return Problem(f"{group}/{to.code}", to.code, error.words)
