"""Addresses that have no language, where machines look for them."""

from django.urls import path

from commitments.views.favicon import favicon
from commitments.views.security import security_txt
from commitments.views.sitemap import robots, sitemap_index, sitemap_pages, sitemap_part

urlpatterns = [
    path("favicon.ico", favicon, name="favicon"),
    path("robots.txt", robots, name="robots"),
    path(".well-known/security.txt", security_txt, name="security_txt"),
    path("sitemap.xml", sitemap_index, name="sitemap"),
    path("sitemap-pages.xml", sitemap_pages, name="sitemap_pages"),
    path("sitemap-<int:number>.xml", sitemap_part, name="sitemap_part"),
]
