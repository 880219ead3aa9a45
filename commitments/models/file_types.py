"""Which files can be evidence, and whether a file is what its name says. No file is ever run or
opened here beyond what tells its type; the public gets it as a download that no browser shows.
"""

import codecs
import struct
import zipfile
from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

MOST_BYTES = 10 * 1024 * 1024
# An office file is a zip: its parts, and how large they may be when they are unpacked.
MOST_PARTS = 2_000
MOST_UNPACKED = 100 * 1024 * 1024
END_SEARCHED = 4 * 1024
CHUNK = 64 * 1024
# Spaces, and what separates lines and pages; any other control character is not text.
TEXT_CONTROLS = {9, 10, 12, 13}


class WrongFile(ValueError):
    """Why a file is not taken, in words for who chose it."""


@dataclass(frozen=True)
class FileType:
    content_type: str
    # Raises `WrongFile`; returns the encoding of a text.
    check: Callable

    def __call__(self, file):
        """The content type to serve the file with; `WrongFile` if it is of another type."""
        file.seek(0)
        encoding = self.check(file)
        return f"{self.content_type}; charset={encoding}" if encoding else self.content_type


def type_of(name, size, file):
    """The content type of a file by its name, having looked whether its content is of that type."""
    if size > MOST_BYTES:
        raise WrongFile(
            _("The file has more than %(most)s MB. Choose a smaller one.")
            % {"most": MOST_BYTES // 1024 // 1024}
        )
    if not size:
        raise WrongFile(_("The file is empty."))
    extension = name.rpartition(".")[2].lower()
    if extension not in FILE_TYPES:
        raise WrongFile(
            _("Files of this type are not taken. Choose one of: %(types)s.")
            % {"types": ", ".join(FILE_TYPES)}
        )
    return FILE_TYPES[extension](file)


def not_what_it_says(kind):
    return WrongFile(
        _("The file is not a %(kind)s file, whatever its name says, or it is damaged.")
        % {"kind": kind}
    )


def pdf(file):
    if not file.read(5) == b"%PDF-" or b"%%EOF" not in end_of(file):
        raise not_what_it_says("PDF")


def png(file):
    start = file.read(24)
    width, height = struct.unpack(">II", start[16:24]) if len(start) == 24 else (0, 0)
    is_png = start[:8] == b"\x89PNG\r\n\x1a\n" and start[12:16] == b"IHDR" and width and height
    if not is_png or b"IEND" not in end_of(file):
        raise not_what_it_says("PNG")


def jpeg(file):
    if file.read(3) != b"\xff\xd8\xff" or b"\xff\xd9" not in end_of(file):
        raise not_what_it_says("JPEG")


def end_of(file):
    size = file.seek(0, 2)
    file.seek(max(0, size - END_SEARCHED))
    return file.read(END_SEARCHED)


def office(kind, main_part):
    def check(file):
        try:
            with zipfile.ZipFile(file) as parts:
                listed = parts.infolist()
        except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
            raise not_what_it_says(kind) from error
        names = {part.filename for part in listed}
        if len(listed) > MOST_PARTS or sum(part.file_size for part in listed) > MOST_UNPACKED:
            raise WrongFile(_("The file is too large when it is unpacked."))
        if not {"[Content_Types].xml", main_part} <= names:
            raise not_what_it_says(kind)
        if any(name.lower().endswith("vbaproject.bin") for name in names):
            raise WrongFile(_("The file has macros. Save it without them and choose it again."))

    return check


def text(file):
    """The encoding: UTF-8, or what Chinese Windows writes."""
    for encoding in ("utf-8", "gb18030"):
        file.seek(0)
        if is_text(file, encoding):
            return encoding
    raise not_what_it_says(_("text"))


def is_text(file, encoding):
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        while chunk := file.read(CHUNK):
            if has_controls(decoder.decode(chunk)):
                return False
        return not has_controls(decoder.decode(b"", final=True))
    except UnicodeDecodeError:
        return False


def has_controls(words):
    return any(ord(letter) < 32 and ord(letter) not in TEXT_CONTROLS for letter in words)


OFFICE = "application/vnd.openxmlformats-officedocument"
FILE_TYPES = {
    "pdf": FileType("application/pdf", pdf),
    "png": FileType("image/png", png),
    "jpg": FileType("image/jpeg", jpeg),
    "jpeg": FileType("image/jpeg", jpeg),
    "docx": FileType(f"{OFFICE}.wordprocessingml.document", office("DOCX", "word/document.xml")),
    "xlsx": FileType(f"{OFFICE}.spreadsheetml.sheet", office("XLSX", "xl/workbook.xml")),
    "csv": FileType("text/csv", text),
    "txt": FileType("text/plain", text),
}
