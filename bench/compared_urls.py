from django.contrib.admin import AdminSite, ModelAdmin
from django.http import HttpResponse
from django.urls import path

from commitments.models import Commitment

stock = AdminSite(name="stock")


class PlainList(ModelAdmin):
    list_display = ("code", "title_zh", "lead_agency", "theme", "due_year", "binding", "state")
    list_filter = ("lead_agency", "theme", "due_year", "binding")
    list_select_related = ("lead_agency", "theme")
    list_per_page = 25
    search_fields = ("code", "title_zh", "title_en")
    ordering = ("due_year", "code")


stock.register(Commitment, PlainList)


def hello(request):
    return HttpResponse("Hello, world.")


urlpatterns = [path("hello/", hello), path("stock/", stock.urls)]
