"""Figures from a file: exported, changed, checked, confirmed; by whom, and what stops it."""

import datetime as dt
import io
import re
from decimal import Decimal
from unittest import mock

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, connection
from django.test import TestCase, override_settings
from django.test.utils import CaptureQueriesContext

from commitments.actions.reviewing import approve, send_back
from commitments.domain.periods import Period
from commitments.models import Entry, Observation, SheetImport
from commitments.models.workflow import State
from tests.factories import (
    make_agency,
    make_commitment,
    make_indicator,
    make_observation,
    make_staff,
    make_target,
    make_user,
    moment,
)
from tests.importing.workbook import workbook

LIST = "/en/admin/commitments/observation/"
UPLOAD = "/en/admin/commitments/sheetimport/add/"
AT = moment(dt.date(2026, 11, 1))
HEAD = ["indicator", "period", "value", "unit", "published_on", "source_kind", "source_zh"]


def downloaded(response):
    assert response.status_code == 200, response
    return b"".join(response.streaming_content)


def read_out(answer):
    """What is told while it is done is done by reading it."""
    answer.told = b"".join(answer.streaming_content).decode() if answer.streaming else ""
    return answer


class Desk(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.agency = make_agency(code="farm")
        cls.editor = make_staff("editor", cls.agency)
        cls.reviewer = make_staff("reviewer", username="reviewer")
        cls.target = make_target(make_commitment(lead_agency=cls.agency))
        cls.indicator = cls.target.indicator
        cls.other_agency = make_agency(code="water")
        other = make_commitment(lead_agency=cls.other_agency)
        cls.foreign = make_target(other, indicator=make_indicator(name_zh="河长数")).indicator

    def setUp(self):
        self.client.force_login(self.editor)

    def send(self, data, name="figures.csv", address=UPLOAD):
        data = data if isinstance(data, bytes) else data.encode()
        file = SimpleUploadedFile(name, data)
        return read_out(self.client.post(address, {"subject": "figures", "file": file}))

    def rows(self, *lines, head=HEAD):
        return "\r\n".join(",".join(cells) for cells in (head, *lines))

    def row(self, **cells):
        given = {
            "indicator": self.indicator.code,
            "period": "2023",
            "value": "300",
            "unit": "家",
            "published_on": "2024-03-20",
            "source_kind": "official",
            "source_zh": "统计公报",
        }
        return [*(given | cells).values()]

    def checked(self, data, name="figures.csv"):
        """Send a file; its `SheetImport`."""
        answer = self.send(data, name)
        assert answer.streaming or answer.status_code == 302, answer.context["form"].errors
        return SheetImport.objects.latest("pk")

    def confirm(self, held, prefix="/en"):
        address = f"{prefix}/admin/commitments/sheetimport/{held.pk}/apply/"
        return read_out(self.client.post(address, follow=True))

    def fill(self, count):
        by = make_user("other")
        indicators = [make_indicator(code=f"i{n}", frequency="month") for n in range(count // 250)]
        for indicator in indicators:
            make_target(self.target.commitment, indicator=indicator)
        Observation.objects.bulk_create(
            Observation(
                indicator=indicators[number // 250],
                period=Period(2000 + number % 250 // 12, number % 12 + 1, 12),
                value=Decimal(number) / 4,
                published_on=dt.date(2025, 1, 1),
                source_zh="株洲市统计局《统计公报》",
                note_zh="=注意",
                state=State.PUBLISHED,
                created_at=AT,
                created_by=by,
                published_at=AT,
                published_by=by,
            )
            for number in range(count)
        )

    def exported(self, ext="csv", query="", prefix="/en"):
        return downloaded(
            self.client.get(f"{prefix}/admin/commitments/observation/export.{ext}?{query}")
        )

    def fates(self, held):
        return [row["fate"] for row in held.checked["rows"]]

    def mistakes(self, held):
        """{place: message} of all mistakes, the header's first."""
        found = [*held.checked["problems"]]
        found += [each for row in held.checked["rows"] for each in row["problems"]]
        return [f"{place} {heading}: {message}" for place, heading, message in found]


class Coming(Desk):
    def test_new_figures_wait_for_review_and_are_published_by_another(self):
        held = self.checked(self.rows(self.row(), self.row(period="2024", value="310")))
        assert self.fates(held) == ["new", "new"]
        assert not Observation.objects.exists()
        answer = self.confirm(held)
        self.assertContains(answer, "Imported: 2 records, now waiting for review.")
        made = Observation.objects.order_by("period")
        assert [(m.value, m.state, m.created_by, m.submitted_by) for m in made] == [
            (300, State.IN_REVIEW, self.editor, self.editor),
            (310, State.IN_REVIEW, self.editor, self.editor),
        ]
        self.assertContains(answer, f"/en/admin/commitments/observation/{made[0].pk}/change/")
        assert all(each.is_done for each in approve(made, by=self.reviewer, at=AT))

    def test_a_second_click_imports_nothing_twice(self):
        held = self.checked(self.rows(self.row()))
        self.confirm(held)
        self.assertContains(self.confirm(held), "Imported: 1 records")
        assert Observation.objects.count() == 1
        again = self.checked(self.rows(self.row()))
        assert self.fates(again) == ["unchanged"]

    def test_a_published_figure_is_corrected_by_a_new_row(self):
        old = make_observation(self.indicator, 2023, 290)
        held = self.checked(self.rows(self.row(value="300", published_on="2024-03-01")))
        [row] = held.checked["rows"]
        assert (row["fate"], row["changes"][0]) == ("changed", ["Value", "290", "300"])
        self.confirm(held)
        draft = Observation.objects.get(state=State.IN_REVIEW)
        assert (draft.value, draft.source_en) == (300, old.source_en)
        approve([draft], by=self.reviewer, at=AT)
        old.refresh_from_db()
        assert (old.value, old.replaced_by) == (290, draft)

    def test_what_came_back_is_mended_in_place_and_handed_in_again(self):
        self.confirm(self.checked(self.rows(self.row())))
        [draft] = Observation.objects.all()
        send_back([draft], by=self.reviewer, at=AT, note="Look again.")
        data = self.exported().decode("utf-8-sig").replace(",300,", ",301,")
        held = self.checked(data)
        assert self.fates(held) == ["changed"]
        self.confirm(held)
        draft.refresh_from_db()
        assert (draft.value, draft.state, draft.changed_by) == (301, State.IN_REVIEW, self.editor)
        assert Observation.objects.count() == 1

    def test_columns_stand_in_any_order_under_the_headings_of_either_language(self):
        data = "统计公报,家,official source,2024/3/20,2023年,300\r\n"
        head = "来源（中文）,单位,来源类型,来源发布日期,时期,数值,指标编码\r\n"
        row = f"统计公报,家,官方来源,2024/3/20,2023,300,{self.indicator.code}\r\n"
        assert data
        held = self.checked((head + row).encode("gb18030"))
        assert self.mistakes(held) == []
        assert self.fates(held) == ["new"]

    def test_an_indicator_may_be_named_if_only_one_has_the_name(self):
        named = self.rows(self.row(indicator=self.indicator.name_zh))
        assert self.fates(self.checked(named)) == ["new"]
        make_target(self.target.commitment, indicator=make_indicator())
        assert "is the name of several" in self.mistakes(self.checked(named))[0]

    def test_the_page_speaks_the_language_of_its_address(self):
        held = self.checked(self.rows(self.row(value="many")))
        page = f"/admin/commitments/sheetimport/{held.pk}/change/"
        self.assertContains(self.client.get("/en" + page), "“many” is not a number")
        self.assertContains(self.client.get(page), "“many”无法识别为数字")
        self.assertContains(self.client.get("/en" + page), "“many” is not a number")

    def test_pages_and_rows_can_be_chosen(self):
        lines = [self.row(period=str(year)) for year in range(1900, 1980)]
        held = self.checked(self.rows(*lines, self.row(value="x")))
        page = f"/en/admin/commitments/sheetimport/{held.pk}/change/"
        answer = self.client.get(page + "?fate=new&page=2")
        assert len(answer.context["page"].object_list) == 30
        assert len(self.client.get(page + "?fate=wrong").context["page"].object_list) == 1


class RoundTrip(Desk):
    def test_five_thousand_rows_of_which_fifty_cells_were_changed(self):
        self.fill(5_000)
        book = openpyxl.load_workbook(io.BytesIO(self.exported("xlsx", prefix="")))
        sheet = book.worksheets[0]
        values = [cell.value for cell in sheet[1]].index("数值") + 1
        for row in range(2, 5_002, 100):
            sheet.cell(row, values).value = 7_777
        changed = io.BytesIO()
        book.save(changed)
        with CaptureQueriesContext(connection) as checking:
            held = self.checked(changed.getvalue(), "数据.xlsx")
        assert held.counts == {
            "new": 0,
            "changed": 50,
            "unchanged": 4_950,
            "conflict": 0,
            "wrong": 0,
            "mistakes": 0,
        }
        with CaptureQueriesContext(connection) as applying:
            self.confirm(held)
        assert Observation.objects.filter(state=State.IN_REVIEW, value=7_777).count() == 50
        assert max(len(checking), len(applying)) <= 40

    def test_what_is_exported_comes_back_unchanged_in_every_format_and_language(self):
        make_observation(self.indicator, 2023, "-0.5", quote="“一”\n二", note_en="+1")
        make_observation(self.indicator, 2024, "300", published=False, is_provisional=True)
        for prefix in ("", "/en"):
            for ext in ("csv", "xlsx"):
                with self.subTest(prefix + ext):
                    held = self.checked(self.exported(ext, prefix=prefix), f"a.{ext}")
                    assert self.mistakes(held) == []
                    assert self.fates(held) == ["unchanged", "unchanged"]

    def test_a_file_saved_by_chinese_excel_comes_back_unchanged(self):
        make_observation(self.indicator, 2023, 300, note_zh="=注意", source_en="")
        text = self.exported(prefix="").decode("utf-8-sig").replace("2024-03-01", "2024/3/1")
        for data in (text.encode("gb18030"), text.replace(",", "\t").encode("utf-16")):
            assert self.fates(held := self.checked(data)) == ["unchanged"], held.checked

    def test_an_export_is_the_list_as_it_is_filtered(self):
        make_observation(self.indicator, 2023, 300)
        make_observation(self.indicator, 2024, 310)
        make_observation(self.foreign, 2024, 5)
        lines = self.exported().decode("utf-8-sig").splitlines()
        assert lines[0].startswith("Indicator code,Indicator name,Period,")
        assert [line.split(",")[2] for line in lines[1:]] == ["2023", "2024"]
        asked = self.exported(query="published_on__year=2025").decode().splitlines()
        assert len(asked) == 2
        self.client.force_login(self.reviewer)
        assert len(self.exported().splitlines()) == 4

    def test_a_template_is_read_as_a_sheet_without_rows(self):
        for prefix, heading in (("", "指标编码"), ("/en", "Indicator code")):
            page = f"{prefix}/admin/commitments/sheetimport/template/figures."
            assert downloaded(self.client.get(page + "csv")).decode("utf-8-sig").startswith(heading)
            data = downloaded(self.client.get(page + "xlsx"))
            assert len(openpyxl.load_workbook(io.BytesIO(data)).sheetnames) == 2
            assert self.checked(data, "a.xlsx").checked == {"problems": [], "rows": []}
        for guess in ("figures.pdf", "people.csv"):
            page = f"/en/admin/commitments/sheetimport/template/{guess}"
            assert self.client.get(page).status_code == 404


class Long(Desk):
    """More rows than are done at once: it is told how far it is, and is still one transaction."""

    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        cls.many = [make_indicator(code=f"m{n}", frequency="month") for n in range(10)]
        for indicator in cls.many:
            make_target(cls.target.commitment, indicator=indicator)

    def long_sheet(self, **cells):
        return self.rows(
            *(
                self.row(**({"indicator": indicator.code, "period": period} | cells))
                for indicator in self.many
                for year in range(2010, 2020)
                for period in (f"{year}-{month:02}" for month in range(1, 13))
            )
        )

    def test_says_how_far_it_is_and_what_came_of_it(self):
        answer = self.send(self.long_sheet())
        held = SheetImport.objects.get()
        assert "Checking row by row against the register." in answer.told
        assert "Checked: 1200 rows without a mistake." in answer.told
        assert f'href="/en/admin/commitments/sheetimport/{held.pk}/change/"' in answer.told
        answer = self.confirm(held)
        steps = re.findall(r'<progress value="(\d+)"\s+max="(\d+)"', answer.told)
        assert steps == [("0", "1200"), ("1000", "1200"), ("1200", "1200")]
        assert "Imported: 1200 records, now waiting for review." in answer.told
        assert answer.told.rstrip().endswith("</html>")
        assert Observation.objects.in_review().count() == 1200

    def test_few_changes_among_many_rows_are_told_too(self):
        self.fill(1_250)
        text = self.exported(prefix="").decode("utf-8-sig").replace(",0.25,", ",7777,")
        held = self.checked(text)
        assert (held.counts["changed"], held.counts["unchanged"]) == (1, 1_249)
        answer = self.confirm(held)
        assert "Checking once more that nothing changed meanwhile." in answer.told
        assert "Imported: 1 records, now waiting for review." in answer.told

    def test_is_sent_as_it_goes(self):
        answer = self.send(self.long_sheet())
        assert answer["Content-Encoding"] == "identity"
        assert answer["X-Accel-Buffering"] == "no"

    def test_speaks_the_language_of_its_address(self):
        self.send(self.long_sheet())
        answer = self.confirm(SheetImport.objects.get(), prefix="")
        assert "已导入1200条记录" in answer.told
        assert "Imported" not in answer.told

    def test_mistakes_are_told_and_lead_to_the_rows(self):
        answer = self.send(self.long_sheet(unit="吨"))
        assert "Checked: there are mistakes or conflicts to mend." in answer.told
        assert SheetImport.objects.get().counts["wrong"] == 1200

    def test_given_up_half_way_it_did_nothing_and_can_be_done_again(self):
        self.send(self.long_sheet())
        held = SheetImport.objects.get()
        address = f"/en/admin/commitments/sheetimport/{held.pk}/apply/"
        answer = self.client.post(address)
        pieces = iter(answer)
        while b'value="1000"' not in next(pieces):
            pass
        assert Observation.objects.count() == 1000
        answer._iterator.close()  # as a server does whose reader left
        assert not Observation.objects.exists()
        assert SheetImport.objects.get().applied_at is None
        assert "Imported: 1200 records" in self.confirm(held).told
        assert "Imported: 1200 records" in self.confirm(held).told
        assert Observation.objects.count() == 1200

    def test_a_database_that_gives_up_is_told_on_the_page(self):
        self.send(self.long_sheet())
        held = SheetImport.objects.get()
        with (
            mock.patch.object(Entry.objects, "bulk_create", side_effect=OperationalError),
            self.assertLogs("commitments.admin.running", "ERROR"),
        ):
            answer = self.confirm(held)
        assert "The database did not answer, and nothing was saved." in answer.told
        assert "Imported" not in answer.told
        assert not Observation.objects.exists()

    def test_what_changed_since_it_was_looked_at_stops_it_all(self):
        self.send(self.long_sheet())
        make_observation(self.many[0], period=Period.parse("2010-01"), value=1)
        answer = self.confirm(SheetImport.objects.get())
        assert "Nothing was imported: the register changed since" in answer.told
        assert Observation.objects.count() == 1


class Mistakes(Desk):
    def test_twenty_kinds_are_named_at_once_and_change_nothing(self):
        tested = make_indicator(code="water", scale="water_class", unit_zh="", unit_en="")
        share = make_indicator(code="share", unit_zh="%", unit_en="%", ceiling=100, floor=0)
        twin = make_indicator(name_zh="同名", name_en="Same")
        for each in (tested, share, twin, make_indicator(name_zh="同名", name_en="Same 2")):
            make_target(self.target.commitment, indicator=each)
        code = self.indicator.code

        def fill(book, sheet):
            day = book.add_format({"num_format": "yyyy-mm-dd"})
            percent = book.add_format({"num_format": "0%"})
            sheet.write_row(0, 0, [*HEAD, "record", "note_zh", "colour"])
            good = [code, "2023", 300, "家", "2024-03-20", "official", "统计公报"]
            lines = [
                {0: "nobody"},
                {0: "同名"},
                {0: 7},
                {1: "last year"},
                {1: "2023-Q3"},
                {2: "many"},
                {2: "350家"},
                {2: "３５０"},
                {2: "1,350"},
                {2: 0.1234567},
                {2: 1234567890},
                {2: 2e15},
                {3: "万家"},
                {4: "20/03/2024"},
                {4: "2999-01-01"},
                {5: "rumour"},
                {6: ""},
                {7: "v12"},
                {0: "water", 2: 7, 3: ""},
                {0: "share", 2: 101, 3: "%"},
                {8: "x" * 9 + "\x01"},
            ]
            for at, spoiled in enumerate(lines, start=1):
                cells = {**dict(enumerate(good)), 1: str(1999 + at), 4: "2026-01-01", **spoiled}
                for place, cell in cells.items():
                    sheet.write(at, place, cell)
            at = len(lines) + 1
            sheet.write_row(at, 0, good)
            sheet.write_row(at + 1, 0, good)
            sheet.write_row(at + 2, 0, good)
            sheet.write_datetime(at + 2, 1, dt.datetime(2025, 1, 1), day)
            sheet.write_row(at + 3, 0, [code, "1980", None, *good[3:]])
            sheet.write_number(at + 3, 2, 0.47, percent)
            sheet.write_row(at + 4, 0, [code, "1981", *good[2:]])
            sheet.set_row(at + 4, None, None, {"hidden": True})
            sheet.write_row(at + 5, 0, [code, "1982", *good[2:]])
            sheet.write_formula(at + 5, 2, "=1/0", None, "#DIV/0!")
            sheet.write_row(at + 6, 0, [code, "1983", *good[2:], None, None, None, "lost"])

        held = self.checked(workbook(fill, options={"strings_to_formulas": False}), "a.xlsx")
        found = self.mistakes(held)
        expected = [
            "J1 colour: This column is not known.",
            "A2 Indicator code: There is no indicator “nobody” whose figures you may enter. "
            "Write its code.",
            "A3 Indicator code: “同名” is the name of several.",
            "A4 Indicator code: “7” is a number or a date in the file, so it may have lost zeros.",
            "B5 Period: “last year” is not a period.",
            "B6 Period: This indicator is reported yearly. Write a period such as 2023.",
            "C7 Value: “many” is not a number.",
            "C8 Value: “350家” has more than a number.",
            "C9 Value: “３５０” has full-width characters.",
            "C10 Value: “1,350” has a separator between digits.",
            "C11 Value: “0.1234567” does not fit",
            "C12 Value: “1234567890” does not fit",
            "C13 Value: 2e+15: a spreadsheet keeps 15 digits of a number",
            "D14 Unit: The figure is counted in “enterprises”.",
            "E15 Source published on: “20/03/2024” is not a date.",
            "E16 Source published on: This day has not come yet.",
            "F17 Kind of source: “rumour” is not known.",
            "G18 Source (Chinese): This must not be empty.",
            "H19 Record mark (do not change): This is not a mark that an export wrote.",
            "C20 Value: A water quality class is a whole number from 1 to 6",
            "C21 Value: This is above 100, the most the indicator can be.",
            "I22 Note (Chinese): This has a character that no text can have.",
            "B24 Period: The same figure is already in row 23.",
            "B25 Period: This cell is a date (2025-01-01), not a period.",
            "C26 Value: This cell is a percentage: 0.47, or 47%?",
            "27 : This row is hidden in the file.",
            "C28 Value: The formula here gives the error #DIV/0!.",
            "K29 : There is no heading above this cell.",
        ]
        assert len(found) == len(expected), "\n".join(found)
        for said, wanted in zip(found, expected, strict=True):
            assert said.startswith(wanted), said
        self.assertContains(self.confirm(held), "Nothing was imported")
        assert not Observation.objects.exists()

    def test_names_and_lists_are_written_as_in_chinese(self):
        type(self.editor).objects.filter(pk=self.editor.pk).update(first_name="王小明")
        held = self.checked(self.rows(self.row(source_kind="x"), self.row(period="2024")))
        page = self.client.get(f"/admin/commitments/sheetimport/{held.pk}/change/")
        self.assertContains(page, "王小明于")
        self.assertContains(page, "官方来源、二手来源")
        page = self.client.get("/admin/commitments/sheetimport/")
        self.assertContains(page, "王小明")
        self.assertContains(page, "有误 1、新增 1")

    def test_a_missing_and_a_repeated_column_are_named(self):
        head = [*HEAD[:-1], "value"]
        held = self.checked(self.rows(self.row(), head=head))
        assert self.mistakes(held)[:2] == [
            "G1 value: This column appears twice.",
            "1 Source (Chinese): This column is missing.",
        ]

    def test_a_row_that_was_moved_under_another_name_or_period_is_refused(self):
        make_observation(self.indicator, 2023, 300)
        text = self.exported().decode("utf-8-sig")
        moved = self.mistakes(self.checked(text.replace(",2023,", ",2022,")))
        assert moved[0].startswith("C2 Period: The exported row had “2023” here.")
        renamed = self.mistakes(self.checked(text.replace(self.indicator.name_en, "Rivers")))
        assert renamed[0].startswith("B2 Indicator name: The code is that of “Leading")

    def test_a_file_that_cannot_be_read_is_answered_on_the_page(self):
        answer = self.send(b"PK\x03\x04", "a.xlsx")
        self.assertContains(answer, "The workbook is damaged")
        self.assertContains(self.send(b"", "a.csv"), "The submitted file is empty")
        self.assertContains(self.client.post(UPLOAD, {"subject": "figures"}), "This field is req")
        answer = self.client.post(UPLOAD, {"subject": "people", "file": io.BytesIO(b"a")})
        assert answer.status_code == 200
        assert not SheetImport.objects.exists()

    @override_settings(UPLOAD_MAX_BYTES=12_000_000)
    def test_a_request_that_is_far_too_large_is_not_kept(self):
        answer = self.send(b"PK\x03\x04" + b"\0" * 13_000_000, "a.xlsx")
        self.assertContains(answer, "The file is larger than 10 MB.")


class Conflicts(Desk):
    def why(self, held):
        [row] = held.checked["rows"]
        assert row["fate"] == "conflict", row
        self.assertContains(self.confirm(held), "Nothing was imported")
        return row["why"]

    def test_a_figure_that_was_corrected_since_the_export(self):
        make_observation(self.indicator, 2023, 300)
        text = self.exported().decode("utf-8-sig")
        make_observation(self.indicator, 2023, 305, at=AT)
        untouched = self.checked(text)
        assert self.fates(untouched) == ["unchanged"]
        held = self.checked(text.replace(",300,", ",310,"))
        assert self.why(held) == ("Somebody changed this figure since the export. Export it again.")
        assert held.checked["rows"][0]["changes"][0] == ["Value", "305", "310"]
        assert self.fates(self.checked(text.replace(",300,", ",305,"))) == ["unchanged"]

    def test_a_draft_or_a_figure_in_review_is_not_overwritten_unseen(self):
        draft = make_observation(self.indicator, 2023, 300, published=False)
        rows = self.rows(self.row(value="310"))
        assert self.why(self.checked(rows)).startswith("There is a draft of this figure already.")
        Observation.objects.filter(pk=draft.pk).update(
            state=State.IN_REVIEW, submitted_by=self.editor, submitted_at=AT
        )
        assert self.why(self.checked(rows)).startswith("This figure is in review.")

    def test_a_draft_that_was_deleted_since_the_export(self):
        draft = make_observation(self.indicator, 2023, 300, published=False)
        text = self.exported().decode("utf-8-sig")
        draft.delete()
        held = self.checked(text.replace(",300,", ",310,"))
        assert self.why(held) == "The exported record is no longer there, or is not yours."

    def test_what_changed_between_looking_and_confirming_stops_it_all(self):
        make_observation(self.indicator, 2023, 300)
        held = self.checked(self.rows(self.row(value="310"), self.row(period="2024", value="320")))
        make_observation(self.indicator, 2023, 305, at=AT)
        answer = self.confirm(held)
        self.assertContains(answer, "the register changed since this was checked")
        self.assertContains(answer, "<del>305</del>", html=True)
        assert not Observation.objects.filter(state=State.IN_REVIEW).exists()
        self.confirm(held)
        assert Observation.objects.filter(state=State.IN_REVIEW).count() == 2


class Access(Desk):
    def test_another_agency_s_indicator_is_not_there(self):
        held = self.checked(self.rows(self.row(indicator=self.foreign.code)))
        assert "There is no indicator" in self.mistakes(held)[0]

    def test_an_import_is_its_owner_s_alone(self):
        held = self.checked(self.rows(self.row()))
        page = f"/en/admin/commitments/sheetimport/{held.pk}/"
        self.client.force_login(make_staff("editor", self.other_agency, username="other"))
        assert self.client.get(page + "change/").status_code == 302
        assert self.client.post(page + "apply/").status_code == 302
        self.assertNotContains(self.client.get("/en/admin/commitments/sheetimport/"), "figures.csv")
        self.client.force_login(self.reviewer)
        self.assertContains(self.client.get(page + "change/"), "figures.csv")
        self.assertContains(self.confirm(held), "This import is not yours.")
        assert not Observation.objects.exists()

    def test_who_writes_no_figures_imports_none(self):
        for role in ("reviewer", "administrator", "auditor"):
            self.client.force_login(make_staff(role, username=f"{role} 2"))
            assert self.client.get(UPLOAD).status_code == 403
            assert self.send(self.rows(self.row())).status_code == 403
            template = "/en/admin/commitments/sheetimport/template/figures.csv"
            assert self.client.get(template).status_code == 403

    def test_who_lost_the_agency_meanwhile_imports_nothing(self):
        held = self.checked(self.rows(self.row()))
        from commitments.models import Appointment

        Appointment.objects.filter(user=self.editor).delete()
        self.confirm(held)
        assert not Observation.objects.exists()

    def test_an_import_is_neither_edited_nor_deleted_nor_applied_by_a_link(self):
        held = self.checked(self.rows(self.row()))
        page = f"/en/admin/commitments/sheetimport/{held.pk}/"
        self.assertRedirects(self.client.get(page + "apply/"), page + "change/")
        assert self.client.get(page + "delete/").status_code == 403
        assert self.client.post(page + "delete/", {"post": "yes"}).status_code == 403
