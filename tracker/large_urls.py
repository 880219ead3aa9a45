"""The same addresses with every page under large/, so that each link to one stays in large text.

`LargeTextMiddleware` takes these in place of `tracker.urls`. Files, feeds, frames and the staff
area keep their one address.
"""

from commitments.places import LARGE
from tracker.urls import addresses, handler400, handler403, handler404, handler500

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

urlpatterns = addresses(pages_at=f"{LARGE}/")
