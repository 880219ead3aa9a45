"""Pages of the staff area that belong to no single kind of record."""

from django.contrib import admin
from django.urls import path

from commitments.admin import desk, review, review_queue
from commitments.admin.password import password_change

urlpatterns = [
    path("", admin.site.admin_view(desk.desk_view), name="index"),
    path("password_change/", admin.site.admin_view(password_change), name="password_change"),
    path("review/", admin.site.admin_view(review_queue.queue_view), name="review"),
    path("review/look/", admin.site.admin_view(review.look_view), name="review_look"),
]
