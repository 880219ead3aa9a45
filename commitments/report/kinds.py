"""The kinds of file a report is written as, and how many promises each can hold."""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass

from commitments.exporters.report import Part
from commitments.exporters.to_csv import to_csv
from commitments.exporters.to_json import to_json
from commitments.exporters.to_ods import to_ods

# A document is set as a whole, in memory and while a reader waits: about two seconds for so many.
MOST_IN_DOCUMENT, MOST_WITH_DETAILS = 600, 100
# A workbook comes all at its end: a reader waits about two seconds for so many promises.
MOST_AT_ONCE = 2_000


class TooLong(Exception):
    """A report has more promises than its kind of file can hold."""

    def __init__(self, kind, most, total):
        super().__init__(f"{kind.name} holds {most} promises at most; the report has {total}")
        self.kind, self.most, self.total = kind, most, total


@dataclass(frozen=True)
class Kind:
    """`write(report)` gives the bytes whole, in parts, or as a file open at its beginning."""

    ext: str
    name: str
    content_type: str
    write: Callable
    is_document: bool = False
    is_workbook: bool = False

    @property
    def is_sent_while_made(self):
        return not (self.is_document or self.is_workbook)

    def is_long(self, report):
        """Whether its reader would wait for it without a sign: then it is made aside."""
        return self.is_workbook and report.total > MOST_AT_ONCE

    def most(self, parts):
        """How many promises it holds with these parts; None for any number."""
        if not self.is_document:
            return None
        return MOST_WITH_DETAILS if Part.DETAILS in parts else MOST_IN_DOCUMENT

    def refuse_too_long(self, report):
        """`TooLong` before anything is made."""
        most = self.most(report.parts)
        if most is not None and report.total > most:
            raise TooLong(self, most, report.total)

    def written(self, report):
        self.refuse_too_long(report)
        return self.write(report)


def in_a_file(write):
    """For archives: they are finished only at their end, and must not be held in memory."""

    def written(report):
        held = tempfile.TemporaryFile()  # noqa: SIM115 - whoever reads it closes it
        write(report, held)
        held.seek(0)
        return held

    return written


# Each of these has a large library. Loaded with the first file of its kind, they leave a process
# that begins a fifth smaller.
def to_docx(report):
    from commitments.exporters.to_docx import to_docx

    return to_docx(report)


def to_pdf(report):
    from commitments.exporters.to_pdf import to_pdf

    return to_pdf(report)


def to_xlsx(report, stream):
    from commitments.exporters.to_xlsx import to_xlsx

    return to_xlsx(report, stream)


OFFICE = "application/vnd.openxmlformats-officedocument"
KINDS = {
    kind.ext: kind
    for kind in (
        Kind("pdf", "PDF", "application/pdf", to_pdf, is_document=True),
        Kind("docx", "DOCX", f"{OFFICE}.wordprocessingml.document", to_docx, is_document=True),
        Kind("xlsx", "XLSX", f"{OFFICE}.spreadsheetml.sheet", in_a_file(to_xlsx), is_workbook=True),
        Kind(
            "ods",
            "ODS",
            "application/vnd.oasis.opendocument.spreadsheet",
            in_a_file(to_ods),
            is_workbook=True,
        ),
        Kind("csv", "CSV", "text/csv; charset=utf-8", to_csv),
        Kind("json", "JSON", "application/json", to_json),
    )
}
