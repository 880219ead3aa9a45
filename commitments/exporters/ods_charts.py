"""The drawings of an ODS: LibreOffice's own charts, of the numbers that stand beside them.

A chart is a small document of its own in the package. It names the cells it draws, so that a
changed number changes it too, and holds nothing but how it looks.
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.sax.saxutils import quoteattr

from commitments.domain.status import Group
from commitments.exporters.look import COLOURS, INK
from commitments.exporters.ods_parts import CHARACTER, HEADING, SPACES, VERSION, sheet_name, written
from commitments.exporters.sheets import Chart, Sheet

# Millimetres: a line of text, and what is left free beside a drawing.
LINE, ROOM = 4.5, 4


def object_name(at: int) -> str:
    """The folder of a chart in the package, counted from 0."""
    return f"Object {at + 1}"


def frame(chart: Chart, sheet: Sheet, at: int) -> str:
    """Where the chart stands, for the cell it hangs on."""
    widths = sheet.widths[chart.column : chart.column + chart.wide]
    width, height = sum(widths) * CHARACTER - ROOM, chart.rows * LINE
    return (
        f'<draw:frame draw:style-name="chart" draw:z-index="{at}" svg:x="0mm" svg:y="0mm" '
        f'svg:width="{width:.1f}mm" svg:height="{height:.1f}mm">'
        f'<draw:object xlink:href="./{object_name(at)}" '
        'xlink:type="simple" xlink:show="embed" xlink:actuate="onLoad"/>'
        f"<svg:title>{written(chart.title)}</svg:title></draw:frame>"
    )


def chart_content(chart: Chart, sheet: Sheet) -> str:
    """The document of a chart."""
    return (
        f"{HEADING}<office:document-content {SPACES} {VERSION}><office:automatic-styles>"
        f"{''.join(_styles(chart))}</office:automatic-styles><office:body><office:chart>"
        '<chart:chart chart:class="chart:bar" chart:style-name="paper">'
        f'<chart:title chart:style-name="title"><text:p>{written(chart.title)}</text:p>'
        f"</chart:title>{_legend(chart)}"
        f'<chart:plot-area chart:style-name="plot"><chart:axis chart:dimension="x" '
        'chart:name="primary-x" chart:style-name="names"><chart:categories '
        f"table:cell-range-address={_cells(sheet, chart, 0)}/></chart:axis>"
        '<chart:axis chart:dimension="y" chart:name="primary-y" chart:style-name="numbers"/>'
        f"{''.join(_series(chart, sheet))}"
        '<chart:wall chart:style-name="bare"/></chart:plot-area>'
        "</chart:chart></office:chart>"
        "</office:body></office:document-content>"
    )


def _legend(chart: Chart) -> str:
    if not chart.is_stacked:
        return ""
    return '<chart:legend chart:legend-position="bottom" chart:style-name="bare"/>'


def _series(chart: Chart, sheet: Sheet) -> Iterator[str]:
    for column, group in zip(chart.columns, chart.groups, strict=False):
        head = f"{_place(sheet)}.{_cell(column, chart.head)}"
        points = (
            ""
            if chart.is_stacked
            else "".join(f'<chart:data-point chart:style-name="{each}"/>' for each in chart.groups)
        )
        yield (
            f'<chart:series chart:class="chart:bar" chart:style-name="{group}" '
            f"chart:values-cell-range-address={_cells(sheet, chart, column)} "
            f"chart:label-cell-address={quoteattr(head)}>{points}</chart:series>"
        )


def _styles(chart: Chart) -> Iterator[str]:
    yield (
        '<number:number-style style:name="whole_number"><number:number number:decimal-places="0" '
        'number:min-integer-digits="1" number:grouping="true"/></number:number-style>'
    )
    small = f'fo:font-size="{8 if len(chart.groups) > len(Group) else 9}pt" fo:color="{INK}"'
    yield _style("paper", graphic='draw:stroke="none" draw:fill="solid" draw:fill-color="#ffffff"')
    yield _style("bare", graphic='draw:stroke="none" draw:fill="none"', text=small)
    yield _style("title", text=f'fo:font-size="12pt" fo:font-weight="bold" fo:color="{INK}"')
    stacked = 'chart:stacked="true" chart:overlap="100" ' if chart.is_stacked else ""
    yield _style("plot", f'chart:vertical="true" {stacked}chart:gap-width="40"')
    shown = 'chart:display-label="true" chart:text-overlap="true"'
    yield _style("names", f'{shown} chart:reverse-direction="true"', text=small)
    yield _style("numbers", f'{shown} chart:minimum="0"', text=small, data="whole_number")
    label = "" if chart.is_stacked else 'chart:data-label-number="value"'
    for group in Group:
        colour = COLOURS[group].tone
        fill = f'draw:stroke="none" draw:fill="solid" draw:fill-color="{colour}"'
        yield _style(group.value, label, graphic=fill, text=small)


def _style(name: str, chart: str = "", graphic: str = "", text: str = "", data: str = "") -> str:
    asian = text.replace("fo:font-size", "style:font-size-asian")
    asian = asian.replace("fo:font-weight", "style:font-weight-asian").partition(" fo:color")[0]
    of_data = f' style:data-style-name="{data}"' if data else ""
    return (
        f'<style:style style:name="{name}" style:family="chart"{of_data}>'
        f"<style:chart-properties {chart}/><style:graphic-properties {graphic}/>"
        f"<style:text-properties {text} {asian}/></style:style>"
    )


def _cells(sheet: Sheet, chart: Chart, column: int) -> str:
    first, last = _cell(column, chart.first), _cell(column, chart.last)
    return quoteattr(f"{_place(sheet)}.{first}:{_place(sheet)}.{last}")


def _place(sheet: Sheet) -> str:
    return f"$'{sheet_name(sheet.name)}'"


def _cell(column: int, line: int) -> str:
    # No sheet of counts has more columns than the alphabet has letters.
    return f"${chr(65 + column)}${line + 1}"
