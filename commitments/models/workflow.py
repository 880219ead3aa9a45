"""The workflow axis of a record, apart from its outcome status and its data's freshness."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class State(models.TextChoices):
    DRAFT = "draft", _("draft")
    IN_REVIEW = "in_review", _("in review")
    RETURNED = "returned", _("returned")
    PUBLISHED = "published", pgettext_lazy("state", "published")


# States in which the author still writes; what is in review waits as it was submitted.
IN_HAND = (State.DRAFT, State.RETURNED)


class PublishableQuerySet(models.QuerySet):
    def published(self):
        return self.filter(state=State.PUBLISHED)

    def unpublished(self):
        return self.exclude(state=State.PUBLISHED)

    def in_hand(self):
        """Drafts, and what came back: what an author may still change."""
        return self.filter(state__in=IN_HAND)

    def in_review(self):
        return self.filter(state=State.IN_REVIEW)


def together(*names):
    """The condition that all of the columns are filled, or none."""
    return Q(**dict.fromkeys(names)) | Q(**{f"{name}__isnull": False for name in names})


def person(verbose_name, **kwargs):
    """Who did one step. Accounts with a name under something are never deleted."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name=verbose_name,
        **kwargs,
    )


class Publishable(models.Model):
    """A record the public sees only once a second person has published it."""

    state = models.CharField(
        _("workflow state"), max_length=10, choices=State, default=State.DRAFT, editable=False
    )
    created_at = models.DateTimeField(_("created at"), editable=False)
    created_by = person(_("created by"))
    changed_at = models.DateTimeField(_("last changed at"), null=True, editable=False)
    changed_by = person(_("last changed by"), null=True)
    submitted_at = models.DateTimeField(_("submitted at"), null=True, editable=False)
    submitted_by = person(_("submitted by"), null=True)
    returned_at = models.DateTimeField(_("returned at"), null=True, editable=False)
    returned_by = person(_("returned by"), null=True)
    return_note = models.TextField(_("why it was returned"), blank=True, editable=False)
    published_at = models.DateTimeField(_("published here at"), null=True, editable=False)
    published_by = person(_("published by"), null=True)

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
            ),
            models.CheckConstraint(
                condition=together("changed_at", "changed_by")
                & together("submitted_at", "submitted_by")
                & together("returned_at", "returned_by"),
                name="%(class)s_each_step_by_someone",
                violation_error_message=_("Every step says when and by whom."),
            ),
            models.CheckConstraint(
                condition=~Q(state=State.IN_REVIEW) | Q(submitted_at__isnull=False),
                name="%(class)s_in_review_submitted",
                violation_error_message=_("Somebody submitted what is in review."),
            ),
            models.CheckConstraint(
                condition=~Q(state=State.RETURNED)
                | (Q(returned_at__isnull=False) & ~Q(return_note="")),
                name="%(class)s_returned_with_note",
                violation_error_message=_("What is returned says why."),
            ),
            # What a plan file brings is published unsubmitted, by the command's own account.
            models.CheckConstraint(
                condition=~Q(state=State.PUBLISHED)
                | Q(submitted_by=None)
                | ~(
                    Q(published_by=F("created_by"))
                    | Q(published_by=F("changed_by"))
                    | Q(published_by=F("submitted_by"))
                ),
                name="%(class)s_four_eyes",
                violation_error_message=_("Nobody publishes their own work."),
            ),
        ]

    @property
    def is_published(self):
        return self.state == State.PUBLISHED

    @property
    def is_in_hand(self):
        return self.state in IN_HAND

    @property
    def is_in_review(self):
        return self.state == State.IN_REVIEW

    @property
    def hands(self):
        """Ids of those who wrote or submitted the record: none of them may review it."""
        return {self.created_by_id, self.changed_by_id, self.submitted_by_id} - {None}


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
