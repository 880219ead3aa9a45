"""A plan's texts as printed, section by section, every quote and every reason in its place."""

from collections import defaultdict
from dataclasses import dataclass, field

from commitments.domain.outline import Section, outline
from commitments.models import SourceDocument, UntrackedPassage
from commitments.passages import Line, Mark, marked_lines


@dataclass
class Printed:
    """A line with what a reader should know of it, to stand under it."""

    line: Line
    noted: list = field(default_factory=list)
    untracked: list = field(default_factory=list)


@dataclass
class Part:
    """A section of a text; `untracked` is the passage that explains why all of it is left out."""

    section: Section
    key: str
    heading: Printed | None = None
    lines: list = field(default_factory=list)
    promises: int = 0
    untracked: UntrackedPassage | None = None
    is_inside: bool = False

    @property
    def has_words(self):
        return any(not printed.line.is_blank for printed in self.lines)

    @property
    def says_nothing(self):
        """Whether it has words of its own, and neither a promise nor a reason for their absence."""
        reasons = self.untracked or self.is_inside or any(each.untracked for each in self.lines)
        return self.has_words and not self.promises and not reasons


@dataclass(frozen=True)
class Text:
    """A source document with its parts; the keys of their segments are promises and passages."""

    document: SourceDocument
    quotes: int
    parts: list

    @property
    def contents(self):
        """What a table of contents lists: nothing, where there is only one heading."""
        titled = [part for part in self.parts if part.section.title]
        return titled if len(titled) > 1 else []


@dataclass(frozen=True)
class Untracked:
    """Passages of one line that are left out for one reason."""

    passage: UntrackedPassage
    count: int


def texts_of(plan, shown, day):
    """The plan's documents shown on the day, oldest first, with the quotes shown on it."""
    quotes = defaultdict(list)
    for commitment in shown:
        quotes[commitment.source_id].append(commitment)
    documents = plan.sources.shown_on(day).prefetch_related("untracked")
    return [text_of(document, quotes[document.pk]) for document in documents]


def text_of(document, quoting):
    passages = list(document.untracked.all())
    for passage in passages:
        passage.source = document
    words = [passage for passage in passages if not passage.is_section]
    marks = [Mark(each.quote_start, each.quote_end, each) for each in [*quoting, *words]]
    parts = [
        Part(section, f"{document.code}-{number}")
        for number, section in enumerate(outline(document.text))
    ]
    explain(parts, [passage for passage in passages if passage.is_section])
    lines = iter(marked_lines(document.text, marks))
    line = next(lines, None)
    for part in parts:
        while line is not None and line.start < part.section.end:
            add(part, line)
            line = next(lines, None)
    for commitment in quoting:
        part = next(each for each in parts if commitment.quote_start < each.section.end)
        part.promises += 1
    return Text(document, len(quoting), parts)


def explain(parts, sections):
    """Tell each part that is left out as a whole why, or that it is inside of one that is."""
    for passage in sections:
        start, end = passage.span or (0, 0)
        for part in parts:
            if part.section.start == start:
                part.untracked = passage
            elif start < part.section.start < end:
                part.is_inside = True


def add(part, line):
    printed = Printed(line)
    promises = [each for each in line.ends if not isinstance(each, UntrackedPassage)]
    printed.noted = [each for each in promises if each.editor_note_zh or each.editor_note_en]
    printed.untracked = alike([each for each in line.ends if isinstance(each, UntrackedPassage)])
    if part.section.title and part.heading is None:
        part.heading = printed
    else:
        part.lines.append(printed)


def alike(passages):
    """Passages that are left out for the same reason and with the same note, as one."""
    found = defaultdict(list)
    for passage in passages:
        found[passage.reason, passage.note_zh, passage.note_en].append(passage)
    return [Untracked(each[0], len(each)) for each in found.values()]
