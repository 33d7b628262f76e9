"""Districts (cấp trên trực tiếp): their authorisation, their own campaign folder, the book they send up."""

from xlscore.exporting.districts.authorising import (
    Authorisation,
    AuthorisationError,
    authorisation_path,
    authorise,
    read_authorisation,
    reporting_parents,
)
from xlscore.exporting.districts.preparing import prepare
from xlscore.exporting.districts.reporting import Refusal, Report, ReportError, report
from xlscore.exporting.districts.standing import DistrictStanding, district_standings

__all__ = [
    "Authorisation",
    "AuthorisationError",
    "DistrictStanding",
    "Refusal",
    "Report",
    "ReportError",
    "authorisation_path",
    "authorise",
    "district_standings",
    "prepare",
    "read_authorisation",
    "report",
    "reporting_parents",
]
