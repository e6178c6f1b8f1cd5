"""The summary of a dossier as a PDF. Workers only: the web does not carry what sets it.

Equal summaries give equal bytes: no time of making but the one it is given, no random name.
"""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import reportlab
from reportlab.lib import colors
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Image, KeepTogether, Paragraph, SimpleDocTemplate, Spacer, Table

from regulator.dossier.said import Chart, Summary, Told

_OWN = Path(reportlab.__file__).parent / "fonts"
_DEJAVU = Path("/usr/share/fonts/truetype/dejavu")
# DejaVu has Greek and Cyrillic too; the other one comes with the library and is always there.
FACES = {
    "Body": (_DEJAVU / "DejaVuSans.ttf", _OWN / "Vera.ttf"),
    "Bold": (_DEJAVU / "DejaVuSans-Bold.ttf", _OWN / "VeraBd.ttf"),
}
_WIDTH = A4[0] - 44 * mm
_PAD = 6  # what a frame keeps free inside its margins
_PICTURE = 0.8
_INK, _QUIET, _LINE = colors.HexColor("#171a21"), colors.HexColor("#596070"), "#d8dbe2"


def _style(name: str, size: float, **more: Any) -> ParagraphStyle:
    fixed = {"fontName": "Body", "fontSize": size, "leading": size * 1.4, "textColor": _INK}
    return ParagraphStyle(name, **{**fixed, **more})


TITLE = _style("title", 18, fontName="Bold", spaceAfter=4)
HEAD = _style("head", 11.5, fontName="Bold", spaceBefore=12, spaceAfter=4, keepWithNext=1)
BODY = _style("body", 9, spaceAfter=3)
QUIET = _style("quiet", 8, textColor=_QUIET, spaceAfter=3)
CODE = _style("code", 7, leading=9.5, spaceAfter=2)
CELL = _style("cell", 8, leading=10.5)
NAME = _style("name", 8, leading=10.5, textColor=_QUIET)
NUMBER = _style("number", 8, leading=10.5, alignment=TA_RIGHT)
STEP = _style("step", 9, fontName="Bold", spaceBefore=6, spaceAfter=1)


def pdf(summary: Summary) -> bytes:
    """``summary`` as a PDF document."""
    _faces()
    buffer = BytesIO()
    document = SimpleDocTemplate(
        buffer, pagesize=A4, leftMargin=22 * mm - _PAD, rightMargin=22 * mm - _PAD,
        topMargin=20 * mm, bottomMargin=20 * mm, title=summary.title,
        author=summary.organisation, invariant=1, pageCompression=1,
    )  # fmt: skip

    def foot(canvas: Any, page: Any) -> None:
        canvas.setFont("Body", 7)
        canvas.setFillColor(_QUIET)
        canvas.drawString(22 * mm, 12 * mm, f"{summary.organisation}: {summary.title}"[:110])
        canvas.drawRightString(A4[0] - 22 * mm, 12 * mm, str(page.page))

    document.build(list(_flow(summary)), onFirstPage=foot, onLaterPages=foot)
    return buffer.getvalue()


def _faces() -> None:
    for name, candidates in FACES.items():
        if name not in pdfmetrics.getRegisteredFontNames():
            path = next(each for each in candidates if each.exists())
            pdfmetrics.registerFont(TTFont(name, str(path)))


def _flow(summary: Summary) -> Iterator[Any]:
    yield Paragraph(_text(summary.title), TITLE)
    yield Paragraph(
        _text(
            f"Evidence from the log of {summary.organisation}, written"
            f" {summary.made_at:%-d %B %Y, %H:%M:%S} UTC."
        ),
        QUIET,
    )
    yield _table(
        [(_cell(name, NAME), _cell(value)) for name, value in summary.facts], [46 * mm, None]
    )
    if summary.decision:
        yield Paragraph("Decision", HEAD)
        yield Paragraph(_text(summary.decision), BODY)
    yield from _about(summary)
    if summary.charts:
        yield Paragraph("What was seen", HEAD)
        for each in summary.charts:
            yield _chart(each)
    yield from _held(summary)
    yield from _timeline(summary)
    yield from _proof(summary)


def _about(summary: Summary) -> Iterator[Any]:
    if summary.about:
        yield Paragraph("What was found", HEAD)
    for each in summary.about:
        yield Paragraph(f"<b>{_text(each.title)}</b> ({each.kind} {_text(each.id)})", BODY)
        if each.text:
            yield Paragraph(_text(each.text), BODY)


def _held(summary: Summary) -> Iterator[Any]:
    if not summary.held:
        return
    yield Paragraph("Returns against the feed: GGR", HEAD)

    def money(amount: int | None) -> str:
        return "no feed yet" if amount is None else f"{amount / summary.scale:,.2f}"

    unit = summary.unit
    rows = [["Period", "Vintage", f"Declared, {unit}", f"Feed, {unit}", f"Off by, {unit}"]]
    rows += [
        [
            each.period, each.vintage, money(each.declared), money(each.fed),
            "" if each.fed is None else money(each.declared - each.fed),
        ]
        for each in summary.held
    ]  # fmt: skip
    styles = (CELL, CELL, NUMBER, NUMBER, NUMBER)
    cells = [[_cell(*each) for each in zip(row, styles, strict=True)] for row in rows]
    yield _table(cells, [50 * mm, 24 * mm, 32 * mm, 32 * mm, None], head=True)


def _timeline(summary: Summary) -> Iterator[Any]:
    if summary.timeline:
        yield Paragraph("What was done", HEAD)
    for each in summary.timeline:
        yield KeepTogether(list(_step_head(each)))
        for label, text in each.lines:
            said = f"{label}: {text}" if label else text
            for part in said.splitlines() or [""]:
                yield Paragraph(_text(part), BODY)


def _step_head(each: Told) -> Iterator[Any]:
    yield Paragraph(_text(f"{each.number}. {each.label}"), STEP)
    yield Paragraph(
        _text(f"{each.at:%-d %B %Y, %H:%M:%S} UTC, {each.who}. Event {each.event}"), QUIET
    )


def _proof(summary: Summary) -> Iterator[Any]:
    yield Paragraph("What proves it", HEAD)
    yield Paragraph(
        f"{summary.events:,} events are in this bundle, each proved to be in the log as it was"
        f" sealed: by the checkpoint of {summary.size:,} events, signed"
        f" {summary.sealed_at:%-d %B %Y, %H:%M:%S} UTC, whose root hash is",
        BODY,
    )
    yield Paragraph(_text(summary.root), CODE)
    yield Paragraph("Keys of the log. Get them from the authority by another way too.", BODY)
    for key in summary.keys:
        yield Paragraph(_text(key), CODE)
    yield Paragraph("Files of the bundle (SHA-256)", HEAD)
    rows = [
        [_cell(name), Paragraph(_text(held), CODE)] for name, held in sorted(summary.sums.items())
    ]
    yield _table(rows, [36 * mm, None])
    yield Paragraph(
        "The hash of this very file stands in SHA256SUMS, and with that of the whole bundle in the"
        " log (event gaming.evidence_written).",
        QUIET,
    )
    yield Paragraph("How to check it", HEAD)
    yield Paragraph(
        "On any machine with Python, without this product and without a network; the program is one"
        " short file, to be read before it is run:",
        BODY,
    )
    for line in (
        "pip install cryptography", "unzip BUNDLE.zip verifier.py",
        "python3 verifier.py BUNDLE.zip --key '<a key you got from the authority>'",
    ):  # fmt: skip
        yield Paragraph(_text(line), CODE)
    yield Paragraph(
        "HOLDS means that the checkpoint carries that key's signature, that every event is what was"
        " in the log when it was signed, and that every file is the one named above. That a"
        " selection is complete, a proof can't say; that no record is missing within it, the"
        " operator's own numbering and its receipts do.",
        BODY,
    )


def _chart(chart: Chart) -> Any:
    width, height = ImageReader(BytesIO(chart.png)).getSize()
    wide = _WIDTH * _PICTURE
    picture = Image(BytesIO(chart.png), width=wide, height=wide * height / width, hAlign="LEFT")
    title = Paragraph(_text(chart.title), STEP)
    return KeepTogether([title, picture, Paragraph(_text(chart.note), BODY), Spacer(1, 4)])


def _table(rows: list[Any], widths: list[float | None], *, head: bool = False) -> Any:
    known = sum(each for each in widths if each)
    style: list[tuple[Any, ...]] = [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LINEBELOW", (0, 0), (-1, -1), 0.4, colors.HexColor(_LINE)),
        ("LEFTPADDING", (0, 0), (0, -1), 0),
    ]
    if head:
        style.append(("BACKGROUND", (0, 0), (-1, 0), colors.HexColor("#f1f2f5")))
    return Table(
        rows, colWidths=[each or _WIDTH - known for each in widths], style=style,
        repeatRows=1 if head else 0, spaceAfter=6,
    )  # fmt: skip


def _cell(text: str, style: ParagraphStyle = CELL) -> Any:
    return Paragraph(_text(text), style)


def _text(text: str) -> str:
    """Plain text for a paragraph, whose markup it must not become."""
    return escape("".join(each for each in text if each.isprintable() or each == " "))
