"""The workflow axis of a record, apart from its outcome status and its data's freshness."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class State(models.TextChoices):
    DRAFT = "draft", _("draft")
    IN_REVIEW = "in_review", _("in review")
    RETURNED = "returned", _("returned")
    PUBLISHED = "published", pgettext_lazy("state", "published")


class PublishableQuerySet(models.QuerySet):
    def published(self):
        return self.filter(state=State.PUBLISHED)

    def unpublished(self):
        return self.exclude(state=State.PUBLISHED)


class Publishable(models.Model):
    """A record the public sees only once somebody has published it."""

    state = models.CharField(
        _("workflow state"), max_length=10, choices=State, default=State.DRAFT, editable=False
    )
    created_at = models.DateTimeField(_("created at"), editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name=_("created by"),
    )
    published_at = models.DateTimeField(_("published here at"), null=True, editable=False)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
        verbose_name=_("published by"),
    )

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    state=State.PUBLISHED, published_at__isnull=False, published_by__isnull=False
                )
                | (~Q(state=State.PUBLISHED) & Q(published_at=None, published_by=None)),
                name="%(class)s_published_by_someone",
                violation_error_message=_("A published record says when and by whom."),
            )
        ]

    @property
    def is_published(self):
        return self.state == State.PUBLISHED


class SupersedingQuerySet(PublishableQuerySet):
    def live(self):
        """Published and not superseded: what the site shows today."""
        return self.published().filter(superseded_at=None)


class Superseding(Publishable):
    """A fact that is never overwritten: a correction is a new row that replaces the old one."""

    superseded_at = models.DateTimeField(_("superseded at"), null=True, editable=False)
    replaced_by = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="replaces",
        editable=False,
        verbose_name=_("replaced by"),
    )

    class Meta(Publishable.Meta):
        abstract = True
        constraints = [
            *Publishable.Meta.constraints,
            models.CheckConstraint(
                condition=Q(superseded_at=None, replaced_by=None)
                | Q(superseded_at__isnull=False, replaced_by__isnull=False),
                name="%(class)s_superseded_by_something",
                violation_error_message=_("A superseded record says what replaced it."),
            ),
            models.CheckConstraint(
                condition=Q(superseded_at=None) | Q(state=State.PUBLISHED),
                name="%(class)s_superseded_was_published",
                violation_error_message=_("Only a published record can be superseded."),
            ),
        ]
