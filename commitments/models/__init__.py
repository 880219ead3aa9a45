"""Tables, constraints and named queries; one noun a file."""

from commitments.models.agency import Agency
from commitments.models.amendment import Amendment
from commitments.models.among import Among
from commitments.models.appointment import Appointment
from commitments.models.assessment import Assessment
from commitments.models.commitment import Commitment
from commitments.models.entry import Entry
from commitments.models.error_report import ErrorReport, SendingCount
from commitments.models.evidence import Evidence
from commitments.models.indicator import Indicator
from commitments.models.issued_report import IssuedFile, IssuedReport
from commitments.models.long_file import LongFile
from commitments.models.milestone import Milestone
from commitments.models.observation import Observation
from commitments.models.plan import Plan
from commitments.models.reminder import Reminder
from commitments.models.revision import Revision
from commitments.models.second_factor import LogInRule, SecondFactor
from commitments.models.sent_form import SentForm
from commitments.models.sheet_import import SheetImport
from commitments.models.source_document import SourceDocument
from commitments.models.target import Target
from commitments.models.theme import Theme
from commitments.models.untracked_passage import UntrackedPassage
from commitments.models.update import Update

__all__ = [
    "Agency",
    "Amendment",
    "Among",
    "Appointment",
    "Assessment",
    "Commitment",
    "Entry",
    "ErrorReport",
    "Evidence",
    "Indicator",
    "IssuedFile",
    "IssuedReport",
    "LogInRule",
    "LongFile",
    "Milestone",
    "Observation",
    "Plan",
    "Reminder",
    "Revision",
    "SecondFactor",
    "SendingCount",
    "SentForm",
    "SheetImport",
    "SourceDocument",
    "Target",
    "Theme",
    "UntrackedPassage",
    "Update",
]
