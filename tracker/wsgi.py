"""The WSGI application that granian serves."""

import gc
import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from tracker.front.wiring import fronted

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tracker.settings")

# Python looks for cycles after every 700 new objects. An import makes a million that stay until it
# ends, and spent a third of its time on being looked through in vain (docs/decisions/0014).
gc.set_threshold(10_000)

application = fronted(get_wsgi_application())

if settings.METRICS_ADDRESS:
    from tracker import metrics

    metrics.serve(*settings.METRICS_ADDRESS)
