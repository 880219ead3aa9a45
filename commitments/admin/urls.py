"""Pages of the staff area that belong to no single kind of record."""

from django.contrib import admin
from django.urls import path

from commitments.admin import review

urlpatterns = [
    path("review/", admin.site.admin_view(review.queue_view), name="review"),
    path("review/look/", admin.site.admin_view(review.look_view), name="review_look"),
]
