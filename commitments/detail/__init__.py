"""A commitment's own page: all that it says on a day."""

from commitments.detail.citation import citation_of
from commitments.detail.page import Page, page_of

__all__ = ["Page", "citation_of", "page_of"]
