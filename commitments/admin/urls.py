"""Pages of the staff area that belong to no single kind of record."""

from django.contrib import admin
from django.urls import path

from commitments.admin import desk, review

urlpatterns = [
    path("", admin.site.admin_view(desk.desk_view), name="index"),
    path("review/", admin.site.admin_view(review.queue_view), name="review"),
    path("review/look/", admin.site.admin_view(review.look_view), name="review_look"),
]
