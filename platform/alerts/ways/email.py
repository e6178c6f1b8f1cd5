"""E-mail: text and HTML, the chart as a picture within."""

import smtplib
from email.mime.image import MIMEImage

from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

from alerts.ways.outcome import Refused
from alerts.words import Message, chart_of, moment
from charts.pictures import png
from charts.specs import Bar, bars
from kernel import refusals

_CHART = "chart"


def send(message: Message, *, to: str, id: str) -> None:
    """Write ``message`` to one person. Raises ``Refused``."""
    letter = EmailMultiAlternatives(
        subject=message.subject, body=message.text, to=[to],
        headers={"Message-ID": id, "Auto-Submitted": "auto-generated"},
    )  # fmt: skip
    picture = _picture(message)
    letter.attach_alternative(_html(message, to, picture is not None), "text/html")
    if picture is not None:
        letter.mixed_subtype = "related"  # type: ignore[attr-defined]  # the stubs lack it
        letter.attach(picture)
    try:
        letter.send()
    except (smtplib.SMTPException, OSError) as error:
        raise Refused(why=refusals.reason(error), final=refusals.final(error)) from None


def _html(message: Message, to: str, pictured: bool) -> str:
    shown = [(each, message.link(each), moment(each)) for each in message.shown]
    drawn = chart_of(message.shown) if pictured else None
    context = {
        "message": message, "shown": shown, "to": to, "subject": message.title,
        "chart": f"cid:{_CHART}" if drawn else "", "drawn": drawn,
    }  # fmt: skip
    return render_to_string("mail/alert.html", context)


def _picture(message: Message) -> MIMEImage | None:
    alert = chart_of(message.shown)
    if alert is None:
        return None
    rows = [Bar(label=point.label, value=point.value) for point in alert.series]
    image = MIMEImage(png(bars(title=alert.title, rows=rows, unit=alert.unit)), "png")
    image.add_header("Content-ID", f"<{_CHART}>")
    image.add_header("Content-Disposition", "inline", filename="chart.png")
    return image
