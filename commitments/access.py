"""Who may see and do what in the staff area. A role is an `Appointment`; here is what it means.

An editor sees and writes what their agencies lead, or lead or support. A reviewer reads everything,
publishes or returns what others wrote, and answers what readers report. An administrator keeps
accounts and what the promises refer to. An auditor reads everything. A superuser has every role for
every agency; that nobody reviews their own work binds them too.
"""

from django.contrib.auth.backends import ModelBackend
from django.db.models import Q

from commitments.models import (
    Agency,
    Amendment,
    Appointment,
    Assessment,
    Commitment,
    Entry,
    ErrorReport,
    Indicator,
    IssuedReport,
    Milestone,
    Observation,
    Plan,
    SheetImport,
    SourceDocument,
    Target,
    Theme,
    Update,
)

Role = Appointment.Role

# What agencies enter, and a second person publishes.
ENTERED = (Commitment, Amendment, Target, Milestone, Observation, Update)
# What the promises refer to: for all agencies, kept by an administrator.
KEPT = (Plan, SourceDocument, Agency, Theme, Indicator)
# Of what an administrator keeps, what every editor reads to write a promise.
REFERENCE = (Plan, SourceDocument, Agency, Theme)
COMPUTED = (Assessment,)
OF_A_COMMITMENT = (Amendment, Target, Milestone, Update, Assessment)

READ, WRITE = ("view",), ("view", "add", "change", "delete")


def codenames(models, actions):
    return {f"{m._meta.app_label}.{a}_{m._meta.model_name}" for m in models for a in actions}


EVERYTHING = (*ENTERED, *KEPT, *COMPUTED, SheetImport)
PERMISSIONS = {
    Role.EDITOR: codenames(EVERYTHING, READ)
    | codenames(ENTERED, WRITE)
    | codenames((SheetImport,), ("add",)),
    Role.REVIEWER: codenames(EVERYTHING, READ)
    | codenames((ErrorReport,), ("view", "change"))
    | codenames((IssuedReport,), ("view", "add")),
    Role.ADMINISTRATOR: codenames(EVERYTHING, READ)
    | codenames((*KEPT, Appointment), WRITE)
    | codenames((ErrorReport,), ("view", "change", "delete"))
    | codenames((Entry, IssuedReport), READ)
    | {f"auth.{action}_user" for action in ("view", "add", "change")},
    Role.AUDITOR: codenames((*EVERYTHING, Appointment, ErrorReport, Entry, IssuedReport), READ)
    | {"auth.view_user"},
}


class Access:
    """What one person may see and do. `Access.of(user)` reads the appointments once."""

    def __init__(self, user):
        self.user = user
        self.roles = set()
        # Ids of the agencies an editor writes for, and of those whose supporting part counts too.
        self.agencies, self.supported = set(), set()
        if not user.is_active or not user.is_authenticated:
            return
        held = Appointment.objects.filter(user=user).values_list("role", "covers", "agencies")
        for role, covers, agency in held:
            self.roles.add(role)
            if role == Role.EDITOR and agency is not None:
                self.agencies.add(agency)
                if covers == Appointment.Covers.LEAD_OR_SUPPORT:
                    self.supported.add(agency)
        if user.is_superuser:
            self.roles = {*Role.values}

    @classmethod
    def of(cls, user):
        # Kept with the user at hand, as Django keeps permissions: one request, one look.
        if not hasattr(user, "_access"):
            user._access = cls(user)
        return user._access

    @property
    def permissions(self):
        """Names such as "commitments.add_observation", as Django's admin asks for them."""
        return set().union(*(PERMISSIONS[role] for role in self.roles))

    @property
    def is_editor(self):
        return Role.EDITOR in self.roles

    @property
    def is_reviewer(self):
        return Role.REVIEWER in self.roles

    @property
    def may_administer(self):
        return Role.ADMINISTRATOR in self.roles

    @property
    def may_read_all(self):
        return bool(self.roles - {Role.EDITOR})

    @property
    def writes_for_all(self):
        return self.is_editor and self.user.is_superuser

    # --- Reading -------------------------------------------------------------------------------

    def visible(self, queryset):
        """The rows of any table of the register that this person may see in the staff area.

        A figure belongs to everybody whose promises are tested by its indicator; an update that
        is not public, to its agency alone.
        """
        model = queryset.model
        if self.may_read_all or (self.is_editor and model in REFERENCE):
            return queryset
        return self.own(queryset)

    def own(self, queryset):
        """The rows that belong to the agencies this person writes for."""
        model = queryset.model
        if model is SheetImport:
            return queryset.filter(created_by=self.user)
        if self.writes_for_all:
            return queryset
        if not self.agencies:
            return queryset.none()
        if model is Commitment:
            return queryset.filter(self.is_own())
        if model is Indicator:
            return queryset.filter(pk__in=self.own_indicators())
        if model is Observation:
            return queryset.filter(indicator__in=self.own_indicators())
        if model is Update:
            own_words = Q(agency__in=self.agencies) | Q(pk__in=Update.objects.published())
            return queryset.filter(own_words, commitment__in=self.own_commitments())
        if model in OF_A_COMMITMENT:
            return queryset.filter(commitment__in=self.own_commitments())
        return queryset.none()

    def is_own(self):
        """The condition that a commitment is one of this person's agencies'."""
        supporting = Commitment.supporting_agencies.through.objects.filter(
            agency__in=self.supported
        )
        return Q(lead_agency__in=self.agencies) | Q(pk__in=supporting.values("commitment"))

    def own_commitments(self):
        return Commitment.objects.filter(self.is_own()).values("pk")

    def own_indicators(self):
        """Indicators that test the commitments of this person's agencies, comparisons included.

        By published targets only: else a draft of one would open every other agency's figures.
        """
        tests = Target.objects.published().filter(commitment__in=self.own_commitments())
        compared = tests.filter(comparator_indicator__isnull=False)
        found = Indicator.objects.filter(
            Q(pk__in=tests.values("indicator")) | Q(pk__in=compared.values("comparator_indicator"))
        )
        return found.values("pk")

    def choices(self, field):
        """What a form may offer for a relation.

        A test and a promise may name any indicator; only who leads or speaks must be one's own.
        """
        found = field.related_model._default_manager.all()
        if field.related_model is Indicator and field.model is not Observation:
            return found
        if field.name in ("lead_agency", "agency") and not self.writes_for_all:
            return found.filter(pk__in=self.agencies)
        return self.visible(found)

    def may_see(self, record):
        return self.visible(type(record)._default_manager.filter(pk=record.pk)).exists()

    # --- Writing -------------------------------------------------------------------------------

    def may_add(self, model):
        if model in (*ENTERED, SheetImport):
            return self.is_editor
        if model is IssuedReport:
            return self.is_reviewer
        return self.may_administer and model in (*KEPT, Appointment)

    def may_change(self, record):
        """Whether this person may write the record as it stands, saved or not.

        What is in review or published is changed by nobody: it is returned, corrected or amended.
        """
        if isinstance(record, ENTERED):
            return record.is_in_hand and self.writes(record)
        if isinstance(record, ErrorReport):
            return self.is_reviewer or self.may_administer
        return self.may_add(type(record))

    def writes(self, record):
        """Whether a record is this person's agencies' to write, whatever its state."""
        return self.is_editor and self.owns(record)

    def owns(self, record):
        """Whether a record, saved or not, belongs to the agencies this person writes for."""
        if self.writes_for_all:
            return True
        if isinstance(record, Commitment) and record.pk is None:
            return record.lead_agency_id in self.agencies
        if isinstance(record, Commitment):
            return self.has(Commitment, record.pk)
        if isinstance(record, Observation):
            return self.has(Indicator, record.indicator_id)
        if isinstance(record, Update) and record.agency_id not in self.agencies:
            return False
        return self.has(Commitment, record.commitment_id)

    def has(self, model, pk):
        return self.own(model.objects.filter(pk=pk)).exists()

    def may_review(self, record):
        """Whether this person may publish or return a record that is in review."""
        return self.is_reviewer and record.is_in_review and self.user.pk not in record.hands


class RoleBackend(ModelBackend):
    """Logs in by password; permissions are those of the person's roles, and no others."""

    def user_can_authenticate(self, user):
        # Who is not on the staff is refused like a wrong password: no answer tells that the
        # account is there.
        return user.is_staff and super().user_can_authenticate(user)

    def get_all_permissions(self, user_obj, obj=None):
        if not user_obj.is_active or user_obj.is_anonymous or obj is not None:
            return set()
        return Access.of(user_obj).permissions
