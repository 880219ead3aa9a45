from django.shortcuts import redirect
from django.templatetags.static import static
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe


@require_safe
@cache_control(public=True, max_age=86_400)
def favicon(request):
    """Where browsers look for an icon on their own, for a picture or a file opened by itself."""
    return redirect(static("commitments/favicon.ico"))
