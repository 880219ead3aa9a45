import datetime as dt
import io

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone, translation

from commitments.actions.assessing import differing
from commitments.actions.loading import load_plan
from commitments.importing.plan_files import PlanRefused, read_plan_files
from commitments.management.commands.load_plan import loader
from commitments.models import Assessment, Commitment, Observation, Plan, Target, UntrackedPassage
from tests.plan_folder import TEXT, plan_files, write_plan

pytestmark = pytest.mark.django_db
NOON = timezone.make_aware(dt.datetime(2024, 6, 1, 12))


def load(folder, files=None, at=NOON):
    return load_plan(read_plan_files(write_plan(folder, files or plan_files())), by=loader(), at=at)


def refused(folder, files, text=TEXT):
    with translation.override("en"):
        with pytest.raises(PlanRefused) as caught:
            load_plan(read_plan_files(write_plan(folder, files, text)), by=loader(), at=NOON)
        return [str(problem) for problem in caught.value.problems]


def standing(code, day):
    return Commitment.objects.shown_on(day).with_standing().get(code=code).standing


def everything():
    return [
        list(model.objects.order_by("pk").values())
        for model in (Plan, Commitment, Target, Observation, Assessment)
    ]


def test_loads_publishes_and_judges(tmp_path):
    loaded = load(tmp_path)
    assert loaded.counts == {"added": 9}
    assert standing("D-1", dt.date(2024, 6, 1)).status == "on_track"
    commitment = Commitment.objects.get(code="D-1")
    assert commitment.published_by.username == "load_plan"
    assert commitment.plan.opened_on == dt.date(2024, 6, 1)


def test_loading_twice_changes_nothing(tmp_path):
    load(tmp_path)
    before = everything()
    again = load(tmp_path, at=NOON + dt.timedelta(days=3))
    assert again.counts == {"unchanged": 9}
    assert everything() == before


def test_a_changed_title_changes_the_record_in_place(tmp_path):
    load(tmp_path)
    files = plan_files()
    files["commitments"][0]["title_en"] = "Many more leading enterprises"
    assert load(tmp_path, files).counts == {"changed": 1, "unchanged": 8}
    assert Commitment.objects.get(code="D-1").title_en == "Many more leading enterprises"


def passage(quote, **fields):
    row = {"code": "D-N1", "source": "demo-text", "quote": quote, "reason": "explains"}
    return row | {"quote_start": str(max(0, TEXT.find(quote)))} | fields


def test_what_is_not_tracked_is_loaded_with_its_reason_and_changed_in_place(tmp_path):
    files = plan_files()
    files["passages"] = [passage("示范文件", note_en="A title.")]
    assert load(tmp_path, files).counts == {"added": 10}
    files["passages"][0]["reason"] = "looks_back"
    assert load(tmp_path, files).counts == {"changed": 1, "unchanged": 9}
    found = UntrackedPassage.objects.get()
    assert (found.quote, found.covers, found.reason) == ("示范文件", "words", "looks_back")


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (
            passage("样板文件"),
            "The quote is not in the source. The nearest place is at character 0",
        ),
        (passage("示范文件", quote_start="3"), "The quote is in the source, but at character 0."),
        (passage("示范文件", covers="section"), "These words are no heading."),
        (passage("达到350家"), "A promise, D-1, quotes words of this passage."),
        (passage("示范文件", code="D-1"), "A promise has this code."),
        (passage("示范文件", reason="boring"), "“boring” is not known. Write one of: looks_back,"),
        (passage("示范文件", source="other"), "There is no “other” in the files."),
    ],
)
def test_a_passage_that_cannot_be_is_refused(tmp_path, row, message):
    files = plan_files()
    files["passages"] = [row]
    [problem] = refused(tmp_path, files)
    assert problem.startswith("passages.csv, row 2, ")
    assert message in problem


def test_a_corrected_figure_supersedes_and_both_are_kept(tmp_path):
    load(tmp_path)
    files = plan_files()
    files["observations"].append(
        files["observations"][0] | {"value": "240", "published_on": "2024-06-10", "corrects": "yes"}
    )
    load(tmp_path, files, at=NOON + dt.timedelta(days=10))
    old, new = Observation.objects.order_by("pk")
    assert (old.value, old.replaced_by, old.superseded_at) == (296, new, new.published_at)
    assert standing("D-1", dt.date(2024, 6, 5)).status == "on_track"
    assert standing("D-1", dt.date(2024, 6, 11)).status == "off_track"


def test_a_figure_staff_corrected_is_not_put_back_by_loading_again(tmp_path):
    load(tmp_path)
    old = Observation.objects.get()
    new = Observation.objects.get()
    new.pk, new.value, new.state = None, 300, "draft"
    new.published_at = new.published_by = None
    new.save()
    Observation.objects.filter(pk=old.pk).update(superseded_at=NOON, replaced_by=new)
    Observation.objects.filter(pk=new.pk).update(
        state="published", published_at=NOON, published_by=loader()
    )
    load(tmp_path)
    assert Observation.objects.live().get().value == 300


def test_days_before_the_plan_was_opened_are_rebuilt_from_the_sources(tmp_path):
    load(tmp_path)
    day = dt.date(2021, 11, 4)
    assert not Commitment.objects.shown_on(day).exists()
    statuses = [
        standing("D-1", dt.date.fromisoformat(day)).status
        for day in ("2021-11-05", "2024-03-19", "2024-03-20", "2026-01-01", "2027-01-01")
    ]
    assert statuses == ["no_data", "no_data", "on_track", "awaiting_result", "unreported"]


@pytest.mark.parametrize("is_fictional", ["no", "yes"])
def test_a_step_loaded_as_done_was_promised_before(tmp_path, is_fictional):
    files = plan_files()
    if is_fictional == "yes":
        files["plan"][0] |= {"is_fictional": "yes", "opened_on": "2021-12-01"}
    files["milestones"] = [
        {
            "code": "D-2.1",
            "commitment": "D-2",
            "title_zh": "基地开工",
            "title_en": "Construction begins",
            "due_on": "2023-06-30",
            "done_on": "2023-08-10",
            "done_published_on": "2023-08-20",
            "source_zh": "市政府公报",
        }
    ]
    assert load(tmp_path, files).counts == {"added": 10}
    for day, status in (
        (dt.date(2021, 11, 30), "on_track"),
        (dt.date(2023, 6, 30), "on_track"),
        (dt.date(2023, 8, 19), "missed"),
        (dt.date(2023, 8, 20), "achieved_late"),
        (dt.date(2024, 6, 1), "achieved_late"),
    ):
        assert standing("D-2", day).status == status, day
    assert load(tmp_path, files).counts == {"unchanged": 10}


def test_the_stored_assessments_are_what_the_facts_give(tmp_path):
    load(tmp_path)
    assert list(differing()) == []
    row = Assessment.objects.filter(status="on_track").get()
    Assessment.objects.filter(pk=row.pk).update(status="achieved")
    [(commitment, days)] = differing()
    assert (commitment.code, days) == ("D-1", [row.starts_on])
    with pytest.raises(CommandError, match="1 commitments differ"):
        call_command("reassess", "--check", stderr=io.StringIO())
    call_command("reassess", stdout=io.StringIO())
    assert list(differing()) == []


def test_ten_mistakes_are_all_named_and_nothing_is_loaded(tmp_path):
    files = plan_files()
    first, second = files["commitments"]
    first |= {"quote": "龙头企业达到360家以上", "due_year": "20x5"}
    second |= {"lead_agency": "nobody", "binding": "maybe"}
    files["commitments"].append(plan_files()["commitments"][0])
    files["targets"][0] |= {"value": "350家", "document": "no-text"}
    files["observations"][0] |= {"published_on": "2024/3/20", "period": "2023年"}
    files["sources"][0]["sha256"] = "0" * 64
    problems = refused(tmp_path, files)
    assert problems == [
        "sources.csv, row 2, sha256: The text file's SHA-256 is "
        + plan_files()["sources"][0]["sha256"]
        + ": it is not the text this row describes.",
        "commitments.csv, row 2, due_year: “20x5” is not a year such as 2025.",
        "commitments.csv, row 2, quote: The quote is not in the source. The nearest place is at "
        "character 12: “龙头企业达到350家以上”",
        "commitments.csv, row 3, binding: “maybe” is not known. Write one of: binding, "
        "anticipatory, not_said.",
        "commitments.csv, row 3, lead_agency: There is no “nobody” in the files.",
        "commitments.csv, row 4, code: The code D-1 is already in row 2.",
        "targets.csv, row 2, value: “350家” has more than a number. Leave out the unit "
        "and every word.",
        "targets.csv, row 2, document: There is no “no-text” in the files.",
        "observations.csv, row 2, period: “2023年” is not a period. Write 2023, 2023-H1, 2023-Q3 "
        "or 2023-10.",
        "observations.csv, row 2, published_on: “2024/3/20” is not a date. Write it as 2021-11-05.",
    ]
    assert not Plan.objects.exists()
    assert not Commitment.objects.exists()


def test_mistakes_are_said_in_the_language_asked_for(tmp_path):
    files = plan_files()
    files["targets"][0]["value"] = "许多"
    with pytest.raises(CommandError, match=r"targets\.csv, 第2行, value: “许多”无法识别为数字"):
        call_command("load_plan", write_plan(tmp_path, files), language="zh-hans")


@pytest.mark.parametrize(
    ("noun", "change", "expected"),
    [
        ("targets", {"kind": "biggest"}, "targets.csv, row 2, kind: “biggest” is not known."),
        ("targets", {"value": ""}, "targets.csv, row 2: This kind of test needs a number."),
        ("targets", {"standard": "GB1"}, "targets.csv, row 2, standard: This standard is not"),
        ("targets", {"interim": "2023"}, "targets.csv, row 2, interim: “2023” is not an interim"),
        (
            "targets",
            {"interim": "2023=300;2023=310"},
            "targets.csv, row 2: The rule cannot test this target: Two interim targets",
        ),
        ("commitments", {"quote_start": "3"}, "commitments.csv, row 2, quote: The quote is in the"),
        ("commitments", {"due_year": ""}, "commitments.csv, row 2: Say whether the due year is"),
        ("plan", {"opened_on": "2021-12-01"}, "plan.csv, row 2, opened_on: Only a fictional plan"),
        ("plan", {"period_end": "2019"}, "plan.csv, row 2: The last year must not come before"),
        ("observations", {"corrects": "yes"}, "observations.csv, row 2, corrects: There is no"),
        ("sources", {"text_file": "../../etc/passwd"}, "sources.csv, row 2, text_file: Name a"),
        ("sources", {"text_file": "none.txt"}, "sources.csv, row 2, text_file: There is no such"),
        ("indicators", {"colour": "red"}, "indicators.csv, row 1, colour: Unknown column."),
    ],
)
def test_a_mistake_is_named_with_its_place(tmp_path, noun, change, expected):
    files = plan_files()
    files[noun][0] |= change
    [problem] = refused(tmp_path, files)
    assert problem.startswith(expected)


def test_a_second_figure_for_a_period_must_say_that_it_corrects(tmp_path):
    files = plan_files()
    files["observations"].append(files["observations"][0] | {"value": "297"})
    [problem] = refused(tmp_path, files)
    assert problem == (
        "observations.csv, row 3, corrects: There is another figure for this period. To correct "
        "it, write “yes”."
    )


def test_a_file_from_a_chinese_spreadsheet_is_told_to_be_saved_as_utf8(tmp_path):
    folder = write_plan(tmp_path, plan_files())
    path = tmp_path / "commitments.csv"
    path.write_bytes(path.read_text(encoding="utf-8").encode("gb18030"))
    with pytest.raises(PlanRefused) as caught, translation.override("en"):
        load_plan(read_plan_files(folder), by=loader(), at=NOON)
    assert "commitments.csv, row 2: This is not UTF-8. Save the file as “CSV UTF-8”." in str(
        caught.value
    )


def test_the_command_says_every_mistake_and_fails(tmp_path):
    files = plan_files()
    files["targets"][0]["value"] = "many"
    with pytest.raises(CommandError, match=r"nothing was loaded; 1 mistake\(s\):\ntargets.csv"):
        call_command("load_plan", write_plan(tmp_path, files))


def test_the_command_leaves_alone_what_it_loaded_last(tmp_path):
    folder = write_plan(tmp_path, plan_files())
    said = io.StringIO()
    call_command("load_plan", folder, stdout=said)
    call_command("load_plan", folder, stdout=said)
    call_command("load_plan", folder, "--force", stdout=said)
    assert said.getvalue().splitlines() == [
        "demo: 9 added, 0 changed, 0 unchanged.",
        f"{folder}: unchanged since it was loaded.",
        "demo: 0 added, 0 changed, 9 unchanged.",
    ]
