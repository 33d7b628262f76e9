"""What is on record about a unit, and how a score came about, each with the event of the log."""

from xlscore.histories.final_words import final_words, row_title
from xlscore.histories.jsons import story_to_json
from xlscore.histories.lines import Line, points
from xlscore.histories.nodes import NoSuchRowError, find_node
from xlscore.histories.over_years import OverYears, over_years, over_years_to_json, then_words
from xlscore.histories.paper import story_page, unit_page
from xlscore.histories.record import Section, Statement
from xlscore.histories.row_words import section_title, statement_words
from xlscore.histories.rows import Story, row_story
from xlscore.histories.unit_words import words
from xlscore.histories.units import history_of, unit_on_record
from xlscore.histories.years_paper import years_page

__all__ = [
    "Line",
    "NoSuchRowError",
    "OverYears",
    "Section",
    "Statement",
    "Story",
    "final_words",
    "find_node",
    "history_of",
    "over_years",
    "over_years_to_json",
    "points",
    "row_story",
    "row_title",
    "section_title",
    "statement_words",
    "story_page",
    "story_to_json",
    "then_words",
    "unit_on_record",
    "unit_page",
    "words",
    "years_page",
]
