"""The parts of an ODS that are not its cells: what it says of itself, how it looks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from xml.sax.saxutils import escape, quoteattr

from commitments.exporters.details import printed_width
from commitments.exporters.look import COLOURS, INK, RULE, SIGNS, WASH
from commitments.exporters.report import Part, Report
from commitments.exporters.table import Column, harmless

MIME = "application/vnd.oasis.opendocument.spreadsheet"
CHART_MIME = "application/vnd.oasis.opendocument.chart"
VERSION = 'office:version="1.2"'
SPACES = (
    " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{space}:1.0"'
        for name, space in (
            ("office", "office"),
            ("style", "style"),
            ("text", "text"),
            ("table", "table"),
            ("fo", "xsl-fo-compatible"),
            ("svg", "svg-compatible"),
            ("number", "datastyle"),
            ("meta", "meta"),
            ("config", "config"),
            ("draw", "drawing"),
            ("chart", "chart"),
        )
    )
    + ' xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:dc="http://purl.org/dc/elements/1.1/"'
)
HEADING = '<?xml version="1.0" encoding="UTF-8"?>\n'
# Millimetres a Latin character takes at 10 points.
CHARACTER = 2.05

# Of a number, as the register stores them.
MOST_PLACES = 6

_LINED = f"0.5pt solid {RULE}"
_PARTS: dict[str, tuple[str, str]] = {
    # Name: properties of the text, properties of the cell.
    "title": ('fo:font-size="15pt" fo:font-weight="bold"', ""),
    "warning": ('fo:font-weight="bold" fo:color="#9a3412"', ""),
    "label": ('fo:font-weight="bold"', ""),
    "text": ("", 'fo:wrap-option="wrap"'),
    "day": ("", ""),
    "head": (
        'fo:font-weight="bold"',
        f'fo:background-color="{WASH}" fo:wrap-option="wrap" fo:border-bottom="{_LINED}"',
    ),
    "line": ("", f'fo:wrap-option="wrap" fo:border-bottom="{_LINED}"'),
    "count": ("", f'fo:border-bottom="{_LINED}"'),
    "total": ('fo:font-weight="bold"', ""),
    "sum": ('fo:font-weight="bold"', ""),
    "link": ('fo:color="#0b5cad"', ""),
    "plain": ("", ""),
}


def manifest(charts: Iterable[str]) -> str:
    """`charts` are the folders of the drawings."""
    names = ["content.xml", "styles.xml", "meta.xml", "settings.xml"]
    entries = "".join(
        f'<manifest:file-entry manifest:full-path="{name}" manifest:media-type="text/xml"/>'
        for name in names
    )
    for chart in charts:
        entries += (
            f'<manifest:file-entry manifest:full-path="{chart}/" manifest:version="1.2" '
            f'manifest:media-type="{CHART_MIME}"/>'
            f'<manifest:file-entry manifest:full-path="{chart}/content.xml" '
            'manifest:media-type="text/xml"/>'
        )
    return (
        f'{HEADING}<manifest:manifest manifest:version="1.2" '
        'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:version="1.2" '
        f'manifest:media-type="{MIME}"/>{entries}</manifest:manifest>'
    )


def meta(report: Report) -> str:
    language = "zh-CN" if report.is_chinese else "en-GB"
    return (
        f"{HEADING}<office:document-meta {SPACES} {VERSION}><office:meta>"
        f"<dc:title>{written(report.title)}</dc:title>"
        f"<dc:creator>{written(', '.join(report.plans))}</dc:creator>"
        f"<dc:description>{written(report.fictional)}</dc:description>"
        f"<dc:date>{report.as_of.isoformat()}T00:00:00</dc:date>"
        f"<dc:language>{language}</dc:language>"
        "</office:meta></office:document-meta>"
    )


def settings(report: Report) -> str:
    """The heads of the tables stay in sight, and so do the columns up to the title."""
    tables = []
    if report.has(Part.TABLE):
        tables.append((report.words.table, report.columns))
    if report.has(Part.DETAILS):
        tables.append((report.words.figures, report.figure_columns))
    views = "".join(_frozen(name, columns) for name, columns in tables)
    return (
        f"{HEADING}<office:document-settings {SPACES} {VERSION}><office:settings>"
        '<config:config-item-set config:name="ooo:view-settings" '
        'xmlns:ooo="http://openoffice.org/2004/office">'
        '<config:config-item-map-indexed config:name="Views"><config:config-item-map-entry>'
        f'<config:config-item-map-named config:name="Tables">{views}'
        "</config:config-item-map-named></config:config-item-map-entry>"
        "</config:config-item-map-indexed></config:config-item-set>"
        "</office:settings></office:document-settings>"
    )


def _frozen(name: str, columns: tuple[Column, ...]) -> str:
    keys = [column.key for column in columns]
    across = keys.index("title") + 1 if "title" in keys else 0
    items = (
        ("HorizontalSplitMode", "short", 2 if across else 0),
        ("VerticalSplitMode", "short", 2),
        ("HorizontalSplitPosition", "int", across),
        ("VerticalSplitPosition", "int", 1),
        ("ActiveSplitRange", "short", 3 if across else 2),
        ("PositionRight", "int", across),
        ("PositionBottom", "int", 1),
    )
    written = "".join(
        f'<config:config-item config:name="{item}" config:type="{kind}">{value}'
        "</config:config-item>"
        for item, kind, value in items
    )
    return (
        f"<config:config-item-map-entry config:name={named(name)}>{written}"
        "</config:config-item-map-entry>"
    )


def page_styles(report: Report) -> str:
    face = "Microsoft YaHei" if report.is_chinese else "Calibri"
    # Of Latin letters and digits; as Chinese a program breaks them anywhere: 2|025.
    country = "US" if report.is_chinese else "GB"
    language = f'fo:language="en" fo:country="{country}"'
    head = f"{written(report.running_title)} · {report.as_of.isoformat()}"
    foot = f"{written(report.words.rule)} {written(report.rule_version)}"
    if report.fictional:
        foot += f" · {written(report.fictional)}"
    return (
        f"{HEADING}<office:document-styles {SPACES} {VERSION}><office:styles>"
        '<style:default-style style:family="table-cell"><style:text-properties '
        f'fo:font-size="10pt" style:font-size-asian="10pt" fo:color="{INK}" {language} '
        f'style:font-name="{face}" fo:font-family="{face}" '
        'style:font-family-asian="Microsoft YaHei" '
        'style:language-asian="zh" style:country-asian="CN"/>'
        '<style:table-cell-properties style:vertical-align="top"/></style:default-style>'
        '<style:style style:name="Default" style:family="table-cell"/></office:styles>'
        '<office:automatic-styles><style:page-layout style:name="across">'
        '<style:page-layout-properties fo:page-width="297mm" fo:page-height="210mm" '
        'style:print-orientation="landscape" style:scale-to-X="1" style:scale-to-Y="0" '
        'fo:margin="12mm"/>'
        '<style:header-style><style:header-footer-properties fo:min-height="7mm" '
        'fo:margin-bottom="2mm"/></style:header-style>'
        '<style:footer-style><style:header-footer-properties fo:min-height="7mm" '
        'fo:margin-top="2mm"/></style:footer-style>'
        "</style:page-layout></office:automatic-styles>"
        '<office:master-styles><style:master-page style:name="Default" '
        f'style:page-layout-name="across"><style:header><text:p>{head}</text:p></style:header>'
        f"<style:footer><text:p>{foot} · <text:page-number>1</text:page-number> / "
        "<text:page-count>1</text:page-count></text:p></style:footer>"
        "</style:master-page></office:master-styles></office:document-styles>"
    )


# --- How its cells look -------------------------------------------------------------------------


def cell_styles(report: Report) -> Iterator[str]:
    """The styles that the cells name: of columns by their width, of numbers by their decimals."""
    widths = {printed_width(column) for column in (*report.columns, *report.figure_columns)}
    widths |= {24, 72, 36, 16, 12, 60, 30, 14, 68, 100}
    for width in sorted(widths):
        yield (
            f'<style:style style:name="w{width}" style:family="table-column">'
            f'<style:table-column-properties style:column-width="{width * CHARACTER:.1f}mm"/>'
            "</style:style>"
        )
    yield (
        '<style:style style:name="r" style:family="table-row"><style:table-row-properties '
        'style:use-optimal-row-height="true"/></style:style>'
        '<style:style style:name="chart" style:family="graphic"><style:graphic-properties '
        'draw:stroke="none" draw:fill="none"/></style:style>'
        '<style:style style:name="new_page" style:family="table-row"><style:table-row-properties '
        'style:use-optimal-row-height="true" fo:break-before="page"/></style:style>'
        '<style:style style:name="t" style:family="table" style:master-page-name="Default">'
        '<style:table-properties table:display="true"/></style:style>'
    )
    yield (
        '<number:date-style style:name="ymd"><number:year number:style="long"/>'
        '<number:text>-</number:text><number:month number:style="long"/>'
        '<number:text>-</number:text><number:day number:style="long"/></number:date-style>'
        '<number:percentage-style style:name="pct"><number:number number:decimal-places="2" '
        'number:min-integer-digits="1"/><number:text>%</number:text></number:percentage-style>'
        '<number:number-style style:name="int"><number:number number:decimal-places="0" '
        'number:min-integer-digits="1"/></number:number-style>'
    )
    for places in range(MOST_PLACES + 1):
        yield (
            f'<number:number-style style:name="n{places}"><number:number number:decimal-places='
            f'"{places}" number:min-integer-digits="1" number:grouping="true"/>'
            "</number:number-style>"
        )
        yield from _both(f"d{places}", data=f"n{places}", right=True)
    yield from _both("date", data="ymd")
    yield from _both("share", data="pct", right=True)
    yield from _both("integer", data="int")
    for group, sign in SIGNS.items():
        yield (
            f'<number:text-style style:name="sign_{group.value}"><number:text>{sign} '
            "</number:text><number:text-content/></number:text-style>"
        )
        yield _look(
            f"standing_{group.value}",
            f'fo:font-weight="bold" fo:color="{COLOURS[group].word}"',
            _PARTS["line"][1],
            data=f"sign_{group.value}",
        )
    for name, (text, cell) in _PARTS.items():
        data = {"day": "ymd", "count": "n0", "sum": "n0"}.get(name, "")
        yield _look(name, text, cell, data=data, right=name in ("count", "sum"))
    text, cell = _PARTS["head"]
    yield _look("count_head", text, cell, right=True)


def lined(name: str, *, is_lined: bool) -> str:
    """The name of a style, with the line of a printed row under it if that is wanted."""
    return f"{name}_lined" if is_lined else name


def _both(name: str, *, data: str, right: bool = False) -> Iterator[str]:
    yield _look(name, data=data, right=right)
    yield _look(
        lined(name, is_lined=True), "", f'fo:border-bottom="{_LINED}"', data=data, right=right
    )


def _look(name: str, text: str = "", cell: str = "", *, data: str = "", right: bool = False) -> str:
    asian = text.replace("fo:font-size", "style:font-size-asian").replace(
        "fo:font-weight", "style:font-weight-asian"
    )
    if "fo:color" in asian:
        asian = " ".join(each for each in asian.split() if not each.startswith("fo:color"))
    of_data = f' style:data-style-name="{data}"' if data else ""
    of_text = f"<style:text-properties {text} {asian}/>" if text else ""
    side = "end" if right else "start"
    # A number must not touch the text on its right.
    room = ' fo:padding-right="2mm"' if right else ""
    align = f'<style:paragraph-properties fo:text-align="{side}" style:line-break="strict"/>'
    return (
        f'<style:style style:name="{name}" style:family="table-cell" '
        f'style:parent-style-name="Default"{of_data}>'
        f'<style:table-cell-properties style:vertical-align="top" {cell}{room}/>{align}{of_text}'
        "</style:style>"
    )


# --- Texts --------------------------------------------------------------------------------------


def written(text: str) -> str:
    return escape(harmless(text))


def named(text: str) -> str:
    return quoteattr(sheet_name(text))


def sheet_name(text: str) -> str:
    return "".join("-" if sign in "[]:*?/\\'" else sign for sign in harmless(text))[:31]
