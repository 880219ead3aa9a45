from commitments.domain.folding import forms_of
from commitments.models import Agency, Commitment, SourceDocument
from tests.filters.case import FilterCase


class TestSearch(FilterCase):
    def test_finds_chinese_words_of_two_characters(self):
        assert self.found("q=湘江") == ["ZZ-002"]
        assert self.found("q=绿色") == ["ZZ-003"]

    def test_looks_wherever_a_reader_would(self):
        for word, codes in {
            "zz-002": ["ZZ-002"],
            "xiang river": ["ZZ-002"],
            "龙头企业": ["ZZ-001", "ZZ-002", "ZZ-003"],  # the quote they share
            "ecology": ["ZZ-002"],
            "agriculture": ["ZZ-001", "ZZ-002", "ZZ-003"],  # the lead, or a supporter
            "断面": ["ZZ-002"],
            "sections": ["ZZ-002"],
            "水环境": ["ZZ-002"],
        }.items():
            with self.subTest(word):
                assert codes == self.found(f"q={word}")

    def test_every_word_must_occur_and_any_white_space_parts_them(self):
        assert self.found("q=水质\u3000river") == ["ZZ-002"]
        assert self.found("q=水质 绿色") == []
        assert self.found("q=%20%20") == ["ZZ-001", "ZZ-002", "ZZ-003"]

    def test_words_in_a_row_are_words_and_quotes_around_them_ask_for_nothing(self):
        assert self.found("q=水质、river") == ["ZZ-002"]
        assert self.found("q=水质；绿色") == []
        for word in ('"湘江"', "“湘江”", "「湘江」", "‘xiang river’", '"xiang river"'):
            with self.subTest(word):
                assert self.found(f"q={word}") == ["ZZ-002"]
        assert self.found('q="') == ["ZZ-001", "ZZ-002", "ZZ-003"]

    def test_reads_the_quotes_of_a_keyboard_as_those_of_print(self):
        Commitment.objects.filter(code="ZZ-003").update(title_zh="薄弱村全面“清零”行动")
        assert self.found('q=全面"清零"') == ["ZZ-003"]
        assert self.found('q=全面"清零"行动') == ["ZZ-003"]

    def test_finds_an_agency_by_what_its_note_calls_it(self):
        Agency.objects.filter(code="water").update(note_zh="简称市环保局。")
        assert self.found("q=环保局") == ["ZZ-002"]
        Agency.objects.filter(code="farms").update(note_zh="简称市农办。")
        assert self.found("q=农办 湘江") == ["ZZ-002"]

    def test_takes_wildcards_for_what_they_are(self):
        assert self.found("q=100%25") == ["ZZ-003"]
        assert self.found("q=ZZ_001") == []

    def test_never_shows_a_draft(self):
        assert self.found("q=草稿") == []

    def test_reads_wide_signs_as_plain_ones_and_plain_ones_as_wide(self):
        wide = "到２０２５年，ＰＭ２.５降到３５μg/m3；机动车（含农机）"
        SourceDocument.objects.update(text=wide)
        Commitment.objects.filter(code="ZZ-003").update(quote=wide)
        for word in (
            "2025",
            "２０２５",
            "2025年",
            "pm2.5",
            "PM２．５",
            "ＰＭ２.５",
            "ｐｍ２．５",
            "到2025年,pm2.5",
            "(含农机)",
            "（含农机）",
        ):
            with self.subTest(word):
                assert "ZZ-003" in self.found(f"q={word}")
        # And a wide word finds what is written in plain signs.
        assert self.found("q=ＺＺ－００１") == ["ZZ-001"]
        assert self.found("q=Ｘｉａｎｇ") == ["ZZ-002"]
        assert self.found("q=１００％") == ["ZZ-003"]

    def test_reads_a_roman_number_however_it_is_typed(self):
        for word in ("Ⅱ类", "II类", "ii类", "ＩＩ类", "class ii", "class+II"):
            with self.subTest(word):
                assert self.found(f"q={word}") == ["ZZ-002"]
        assert self.found("q=III类") == []

    def test_asks_no_more_of_a_chinese_word_than_of_itself(self):
        assert forms_of("湘江") == ["湘江"]
        assert forms_of("Pm２.5%") == ["pm2.5%"]
        assert forms_of("Ⅱ类") == forms_of("ＩＩ类") == ["ii类", "ⅱ类"]
