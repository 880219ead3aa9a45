from django.utils import translation

from commitments.filters import segments, snippets
from commitments.filters.marking import Snippet, excerpt
from tests.filters.case import FilterCase


def marked(text, *terms):
    """The text with its marks in brackets."""
    return "".join(
        f"[{each.text}]" if each.is_found else each.text for each in segments(text, terms)
    )


class TestSegments(FilterCase):
    def test_marks_each_place_of_each_word(self):
        for text, terms, expected in (
            ("湘江水质达到Ⅱ类", ["水质"], "湘江[水质]达到Ⅱ类"),
            ("湘江水质达到Ⅱ类", ["ii"], "湘江水质达到[Ⅱ]类"),
            ("Xiang River", ["river", "XIANG"], "[Xiang] [River]"),
            ("到２０２５年,350家", ["2025", "３５０"], "到[２０２５]年,[350]家"),
            ("农业农村局", ["农业", "业农"], "[农业农]村局"),
            ("aaaa", ["aa"], "[aaaa]"),
            ("STRASSE straße", ["straße"], "[STRASSE] [straße]"),
            ("nothing", ["here"], "nothing"),
            ("", ["here"], ""),
        ):
            with self.subTest(text=text, terms=terms):
                assert marked(text, *terms) == expected

    def test_loses_nothing_of_the_text(self):
        text = "ﬁnal ㎡ 到２０２５年 <b>&amp;"
        for terms in (["fi"], ["i"], ["m2"], ["m"], ["b"], ["&"]):
            assert "".join(each.text for each in segments(text, terms)) == text


class TestSnippets(FilterCase):
    def of(self, query):
        found = self.filter(query)
        return {
            row.code: texts for row in found.qs for texts in [snippets([row], found.terms)[row.pk]]
        }

    def test_shows_the_quote_where_the_row_lacks_the_word(self):
        texts = self.of("q=龙头企业")
        quote = Snippet("Quote", "到2025年,市级以上农业龙头企业达到350家以上", "zh-Hans")
        assert texts == {code: [quote] for code in ("ZZ-001", "ZZ-002", "ZZ-003")}

    def test_says_nothing_more_where_the_row_has_it(self):
        assert self.of("q=xiang") == {"ZZ-002": []}
        assert self.of("q=zz-002") == {"ZZ-002": []}

    def test_names_the_other_text_that_has_it(self):
        assert self.of("q=断面") == {"ZZ-002": [Snippet("Indicator", "湘江断面", "zh-Hans")]}
        assert self.of("q=rivers") == {"ZZ-002": [Snippet("Theme", "Rivers")]}
        assert self.of("q=绿色") == {
            "ZZ-003": [Snippet("Title", "大力发展100%绿色农业", "zh-Hans")]
        }
        assert self.of("q=xiang agriculture") == {
            "ZZ-002": [Snippet("Supporting agency", "Agriculture and Rural Affairs Bureau")]
        }
        with translation.override("zh-hans"):
            assert self.of("q=ecology") == {"ZZ-002": [Snippet("牵头单位", "Ecology Bureau", "en")]}

    def test_cuts_a_long_text_round_the_words(self):
        text = "前" * 50 + "湘江" + "中" * 90 + "渌江" + "后" * 50
        assert excerpt(text, ["湘江", "渌江"]) == (
            "…" + "前" * 30 + "湘江" + "中" * 30 + "…" + "中" * 30 + "渌江" + "后" * 30 + "…"
        )
        assert excerpt("湘江\n  渌江", ["渌江"]) == "湘江 渌江"

    def test_asks_the_database_twice_at_most_for_any_number_of_rows(self):
        rows = list(self.filter("").qs)
        with self.assertNumQueries(0):
            snippets(rows, ["农业"])
        with self.assertNumQueries(0):
            snippets(rows, [])
        with self.assertNumQueries(2):
            snippets(rows, ["断面"])
