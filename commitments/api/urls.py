"""Programs rely on these: within a version no address, name or type may change."""

from django.urls import path, re_path

from commitments.api.views import api_list, api_nothing, api_one, api_schema

urlpatterns = [
    path("api/v1/", api_schema, name="api_root"),
    path("api/v1/openapi.json", api_schema, name="api_schema"),
    path("api/v1/<slug:table>/", api_list, name="api_list"),
    path("api/v1/<slug:table>/<code:key>/", api_one, name="api_one"),
    re_path(r"^api/v1/(?P<rest>.*)$", api_nothing, name="api_nothing"),
]
