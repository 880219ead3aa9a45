"""The picture of a day as a table: one report object that every file format is written from."""

from commitments.report.naming import file_name
from commitments.report.report import report_of

__all__ = ["file_name", "report_of"]
