"""The addresses of tracker/urls.py without the staff area, for who is outside its networks."""

from tracker.urls import addresses, handler400, handler403, handler404, handler500

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

urlpatterns = addresses(pages_at="", staff=False)
