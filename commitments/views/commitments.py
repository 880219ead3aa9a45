from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def commitment_list(request):
    return render(request, "commitments/list.html")
