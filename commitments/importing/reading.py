"""An uploaded file to its sheets: what it is is seen in its content, and must fit its name."""

from pathlib import PurePath

from django.utils.translation import gettext as _

from commitments.importing.csv_sheet import read_csv
from commitments.importing.sheet import MOST_BYTES, Unreadable
from commitments.importing.xlsx_sheets import read_xlsx

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
TEXT_NAMES = (".csv", ".tsv", ".txt")


def read_sheets(name, data):
    """The sheets of a file called `name` with these bytes. Raises `Unreadable`."""
    ending = PurePath(name).suffix.lower()
    if ending in (".xlsm", ".xltm", ".xlsb", ".xlam"):
        raise Unreadable(_("The workbook may have macros. Save it as one without them (.xlsx)."))
    if ending not in (".xlsx", *TEXT_NAMES):
        raise Unreadable(_("Send a file whose name ends in .xlsx or .csv."))
    if len(data) > MOST_BYTES:
        raise Unreadable(too_large())
    if not data.strip():
        raise Unreadable(_("The file is empty."))
    if data.startswith(OLE):
        raise Unreadable(
            _("The file is locked by a password. Save it without one.")
            if ENCRYPTED in data
            else _("This is an old workbook (.xls). Save it as .xlsx.")
        )
    is_zip = data.startswith(ZIP)
    if is_zip and ending != ".xlsx":
        raise Unreadable(_("By its name the file is a text, but it is not. Save it again."))
    if ending == ".xlsx" and not is_zip:
        raise Unreadable(_("By its name the file is a workbook, but it is not. Save it again."))
    return read_xlsx(data) if is_zip else [read_csv(data)]


def too_large():
    return _("The file is larger than %(most)d MB.") % {"most": MOST_BYTES // 1_000_000}
