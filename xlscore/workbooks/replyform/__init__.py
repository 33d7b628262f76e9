"""The reply form as a workbook: the annex with the appraisal beside it, and a list of what is contested."""

from xlscore.workbooks.replyform.fill import fill_reply
from xlscore.workbooks.replyform.reading import read_reply
from xlscore.workbooks.replyform.render import render_reply

__all__ = ["fill_reply", "read_reply", "render_reply"]
