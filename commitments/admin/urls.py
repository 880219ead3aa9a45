"""Pages of the staff area that belong to no single kind of record."""

from django.contrib import admin
from django.urls import path

from commitments.admin import desk, locks, oidc, review, review_queue, second_factor
from commitments.admin.password import password_change

urlpatterns = [
    path("", admin.site.admin_view(desk.desk_view), name="index"),
    # Four that finish a log-in: they cannot ask for a finished one.
    path("password_change/", password_change, name="password_change"),
    path("second-factor/", second_factor.device_view, name="second_factor"),
    path("second-factor/code/", second_factor.code_view, name="second_factor_code"),
    path("second-factor/picture.svg", second_factor.picture_view, name="second_factor_picture"),
    path(
        "second-factor/codes/",
        admin.site.admin_view(second_factor.codes_view),
        name="second_factor_codes",
    ),
    path(
        "second-factor/rule/",
        admin.site.admin_view(second_factor.rule_view),
        name="second_factor_rule",
    ),
    path(
        "second-factor/<int:id>/reset/",
        admin.site.admin_view(second_factor.reset_view),
        name="second_factor_reset",
    ),
    path("locks/", admin.site.admin_view(locks.locks_view), name="locks"),
    path("oidc/", oidc.to_provider, name="oidc"),
    path("oidc/back/", oidc.from_provider, name="oidc_back"),
    path("review/", admin.site.admin_view(review_queue.queue_view), name="review"),
    path("review/look/", admin.site.admin_view(review.look_view), name="review_look"),
]
