"""The formal announcement (thông báo kết quả) as a Word document, made from a template.

A template is a .docx with placeholders `{{…}}`; the one that comes along has the form of administrative
papers (Nghị định 30/2020/NĐ-CP), an office's own takes its place. Nothing else knows python-docx.
"""

from xlscore.announcing.values import BLOCKS, FIELDS
from xlscore.announcing.writing import AnnouncementError, bundled_template, write_announcement

__all__ = ["BLOCKS", "FIELDS", "AnnouncementError", "bundled_template", "write_announcement"]
