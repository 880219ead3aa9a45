"""The one filter of the register: page, file, feed and API all ask through it."""

from commitments.filters.commitment_filter import (
    NARROWING,
    CommitmentFilter,
    Keys,
    asked,
    with_query,
)
from commitments.filters.fields import UNKNOWN_VALUE, DayField, ManyField
from commitments.filters.loosening import elsewhere, ways_out
from commitments.filters.marking import segments, snippets
from commitments.filters.searching import agencies_of

__all__ = [
    "NARROWING",
    "UNKNOWN_VALUE",
    "CommitmentFilter",
    "DayField",
    "Keys",
    "ManyField",
    "agencies_of",
    "asked",
    "elsewhere",
    "segments",
    "snippets",
    "ways_out",
    "with_query",
]
