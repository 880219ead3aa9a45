"""Staff screens. They parse and show; what changes the register is in `actions`."""

from commitments.admin import (
    agency,
    amendment,
    assessment,
    commitment,
    entry,
    error_report,
    indicator,
    milestone,
    observation,
    person,
    plan,
    sheet_import,
    source_document,
    target,
    theme,
    update,
)

__all__ = [
    "agency",
    "amendment",
    "assessment",
    "commitment",
    "entry",
    "error_report",
    "indicator",
    "milestone",
    "observation",
    "person",
    "plan",
    "sheet_import",
    "source_document",
    "target",
    "theme",
    "update",
]
