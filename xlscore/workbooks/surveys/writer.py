"""Write a survey book: locked, but for its yellow cells."""

from __future__ import annotations

from xlscore.workbooks.carrier import finish, protect, put_lists, put_token, sheet_part
from xlscore.workbooks.members import write_members
from xlscore.workbooks.pen import Book, strict
from xlscore.workbooks.surveys.form import STATE_INPUT, SurveyForm
from xlscore.workbooks.surveys.front import write_front
from xlscore.workbooks.surveys.matrix import progress_formula, write_matrix
from xlscore.workbooks.surveys.sample import write_sample


def render_survey(form: SurveyForm) -> bytes:
    """Return the workbook.

    Raises:
        WritingError: something could not be written.
        Warning: XlsxWriter left something out.
    """
    settings = form.settings
    authority = settings.authority
    about = {"author": authority.office, "company": authority.name}
    book = Book(title=settings.title, comments=form.filling.entered, **about)
    with strict():
        pens = [write_front(book, form, progress_formula(form)), write_matrix(book, form)]
        if settings.survey.sample:
            pens.append(write_sample(book, form))
        parts = {sheet_part(place): () for place in range(1, len(pens) + 1)}
        pens += [put_lists(book, [STATE_INPUT.choices]), put_token(book, form.text)]
        protect(pens, form.password)
        data = book.close()
    return write_members(finish(data, parts))
