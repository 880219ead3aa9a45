"""The archive of everything public, made once for each revision, and what catalogues say of it."""

import hashlib
import json
import tempfile
import threading

from django.http import FileResponse, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from commitments.archive import LICENCE, NAME, write_archive
from commitments.models import Plan, Revision
from commitments.views.errors import error_page

FILE_NAME = f"{NAME}.zip"
ZIP = "application/zip"
# A reader waits for another's making of it no longer than this.
LONGEST_WAIT = 60
COME_BACK_AFTER = 30
CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "spdx": "http://spdx.org/rdf/terms#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
MEDIA = "http://www.iana.org/assignments/media-types/"
AUTHORITY = "http://publications.europa.eu/resource/authority/language/"
SPOKEN = [{"@id": f"{AUTHORITY}ZHO"}, {"@id": f"{AUTHORITY}ENG"}]


class Busy(Exception):
    """Another reader's archive is just being made."""


class Archive:
    """The newest archive of this process, in a file of its own."""

    def __init__(self):
        self.lock = threading.Lock()
        self.mark, self.file, self.sha256, self.size = None, None, "", 0

    def of(self, mark):
        """The file open to be read, its checksum and its size. Raises `Busy`."""
        if not self.lock.acquire(timeout=LONGEST_WAIT):
            raise Busy
        try:
            if self.mark != mark:
                self.make(mark)
            # Who still reads an older one keeps it open, though it is gone from its folder.
            return open(self.file.name, "rb"), self.sha256, self.size
        finally:
            self.lock.release()

    def make(self, mark):
        made = tempfile.NamedTemporaryFile(suffix=".zip")  # noqa: SIM115 - kept until the next
        write_archive(made)
        made.flush()
        self.size = made.tell()
        made.seek(0)
        self.sha256 = hashlib.file_digest(made, "sha256").hexdigest()
        self.file, self.mark = made, mark


HELD = Archive()


def mark_now():
    """What decides the bytes: the revision, and the day, which may bring a document to be shown."""
    return Revision.current(), timezone.localdate()


def busy(request):
    answer = error_page(request, 503, message=_("The archive is just being made."))
    answer["Retry-After"] = str(COME_BACK_AFTER)
    return answer


@require_safe
def archive(request):
    try:
        file, sha256, size = HELD.of(mark_now())
    except Busy:
        return busy(request)
    answer = FileResponse(file, as_attachment=True, filename=FILE_NAME, content_type=ZIP)
    answer["Content-Length"] = str(size)
    answer["ETag"] = f'"{sha256}"'
    answer["Cache-Control"] = "public, no-cache"
    return get_conditional_response(request, etag=answer["ETag"], response=answer)


# --- DCAT -----------------------------------------------------------------------------------------


@require_safe
def catalogue(request):
    """The register as a DCAT 3 catalogue: the archive, each plan's list as files, the API."""
    try:
        file, sha256, size = HELD.of(mark_now())
    except Busy:
        return busy(request)
    file.close()

    def at(name, *args, query=""):
        return request.build_absolute_uri(reverse(name, args=args) + query)

    told = {
        "@context": CONTEXT,
        "@id": at("catalogue"),
        "@type": "dcat:Catalog",
        "dct:title": _("Public Register of Commitments"),
        "foaf:homepage": {"@id": at("home")},
        "dct:license": {"@id": LICENCE["path"]},
        "dct:language": SPOKEN,
        "dcat:service": {
            "@id": at("api_root"),
            "@type": "dcat:DataService",
            "dct:title": _("The API and its documentation"),
            "dcat:endpointURL": {"@id": at("api_root")},
            "dcat:endpointDescription": {"@id": at("api_schema")},
        },
        "dcat:dataset": [whole(at, sha256, size), *(of_plan(at, plan) for plan in open_plans())],
    }
    answer = HttpResponse(
        json.dumps(told, ensure_ascii=False, indent=1) + "\n", content_type="application/ld+json"
    )
    answer["Access-Control-Allow-Origin"] = "*"
    return answer


def open_plans():
    return Plan.objects.open()


def whole(at, sha256, size):
    return {
        "@id": f"{at('data')}#archive",
        "@type": "dcat:Dataset",
        "dct:title": _("Everything public, as one archive"),
        "dct:identifier": NAME,
        "dct:license": {"@id": LICENCE["path"]},
        "dct:language": SPOKEN,
        "dcat:distribution": [
            {
                "@type": "dcat:Distribution",
                "dcat:downloadURL": {"@id": at("archive")},
                "dcat:mediaType": {"@id": f"{MEDIA}{ZIP}"},
                "dcat:packageFormat": {"@id": f"{MEDIA}{ZIP}"},
                "dct:conformsTo": {
                    "@id": "https://specs.frictionlessdata.io/tabular-data-package/"
                },
                "dct:license": {"@id": LICENCE["path"]},
                "dcat:byteSize": {"@type": "xsd:nonNegativeInteger", "@value": str(size)},
                "spdx:checksum": {
                    "@type": "spdx:Checksum",
                    "spdx:algorithm": {"@id": "spdx:checksumAlgorithm_sha256"},
                    "spdx:checksumValue": {"@type": "xsd:hexBinary", "@value": sha256},
                },
            }
        ],
    }


def of_plan(at, plan):
    title = f"{plan.title} ({_('Fictional example')})" if plan.is_fictional else plan.title
    return {
        "@id": at("plan", plan.code),
        "@type": "dcat:Dataset",
        "dct:title": title,
        "dct:identifier": plan.code,
        "dct:issued": {"@type": "xsd:date", "@value": plan.opened_on.isoformat()},
        "dct:license": {"@id": LICENCE["path"]},
        "dcat:landingPage": {"@id": at("plan", plan.code)},
        "dcat:distribution": [
            {
                "@type": "dcat:Distribution",
                "dcat:downloadURL": {
                    "@id": at("commitments_file", ext, query=f"?plan={plan.code}")
                },
                "dcat:mediaType": {"@id": f"{MEDIA}{media}"},
                "dct:license": {"@id": LICENCE["path"]},
            }
            for ext, media in (("csv", "text/csv"), ("json", "application/json"))
        ],
    }
