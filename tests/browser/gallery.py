"""Every part of the kit on one page, without a server: for tests, and to be looked at.

    python tests/browser/gallery.py OUT_DIR

photographs it narrow and wide, light and dark.
"""

import math
import os
import sys
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
ADDRESS = "http://gallery.localhost/"
SIDE = (
    '<table class="table"><tbody>{% for name, amount in side.rows %}<tr><th scope="row">{{ name }}'
    '</th><td class="num">{{ amount|money }}</td></tr>{% endfor %}</tbody></table>'
)
ENDS = ("Conversion", "No conversion")
NAMES = ("Paid Search", "Email", "Display", "Organic Search", "Referral")


def context():
    """Made-up figures; the shapes are those of the real pages."""
    from charts import curve, sankey, specs
    from eventlog.contracts import Cursor
    from portal.heat import heat

    today = date(2026, 11, 21)
    days = [
        specs.Point(
            day=today - timedelta(days=back), value=round(90 + 30 * math.sin(back) + back / 2)
        )
        for back in range(29, 0, -1)
    ]
    days.append(specs.Point(day=today, value=31))
    estimates = [
        specs.Bar(label=name, value=value, low=value - 84, high=value + 90, undecided=undecided)
        for name, value, undecided in zip(
            NAMES, (2410, 1204, 1180, 960, 310), (False, True, True, False, False), strict=True
        )
    ]
    differences = [
        specs.Bar(label="Display", value=-24, low=-150, high=98, undecided=True),
        specs.Bar(label="Organic Search", value=-244, low=-360, high=-130),
        specs.Bar(label="Paid Search", value=1206, low=1090, high=1330),
    ]
    models = ("Last touch", "Markov chain", "Shapley value")
    grouped = [
        specs.Bar(label=row.label, value=v, group=model, low=v * 0.93, high=v * 1.07)
        for row in estimates
        for model, v in zip(models, (row.value, row.value * 0.9, row.value * 1.1), strict=True)
    ]
    response = [
        curve.At(x=x, y=24e3 * x / (x + 4e3), low=21e3 * x / (x + 4e3), high=28e3 * x / (x + 4e3))
        for x in range(0, 10_001, 500)
    ]
    share = [[round((i * 7 + j * 5) % 11 / 25, 3) for j in range(5)] for i in range(5)]
    return {
        "tenant": SimpleNamespace(name="Gallery", currency="EUR"),
        "user": SimpleNamespace(name="Olga", email="olga@gallery.example"),
        "membership": SimpleNamespace(role="owner"),
        "daily": specs.lines(title="Conversions", series={"all": days}, unfinished=today),
        "estimates": specs.points(title="Conversions", rows=estimates),
        "differences": specs.points(title="Conversions", rows=differences, baseline=0),
        "models": specs.grouped_bars(title="Conversions", rows=grouped, groups=models),
        "flow": sankey.spec(title="How journeys go", placed=sankey.layout(_flows()), ends=ENDS),
        "response": curve.response(
            title="Revenue", points=response, current=3000, x_unit="Spend per week, €"
        ),
        "working": True,
        "every": "60s",
        "heat": heat(
            corner="After", columns=NAMES, rows=dict(zip(NAMES, share, strict=True))
        ),
        "left": SimpleNamespace(
            title="One size fits all", text="Budget by the average of everybody.",
            rows=[("Paid Search", 12e3), ("Email", 4e3), ("Display", 9e3)],
        ),
        "right": SimpleNamespace(
            title="Per segment", text="Budget by what moves each segment.",
            rows=[("Paid Search", 8e3), ("Email", 11e3), ("Display", 6e3)],
        ),
        "from": today - timedelta(days=29), "to": today, "log": Cursor(81_003, 231_377),
        "inputs": [("7,568 conversions", "/journeys/"), ("€12,340 of cost", "/channels/")],
        "request_line": "http://gallery.localhost/api/v1/attribution?from=2026-10-23&to=2026-11-21",
    }  # fmt: skip


def _flows():
    from charts.sankey import Flow

    found = []
    for i, source in enumerate(NAMES):
        for j, target in enumerate(NAMES):
            found.append(Flow(column=0, source=source, target=target, value=(5 - i) * (6 - j) * 9))
            found.append(Flow(column=1, source=source, target=target, value=(6 - j) * (6 - i) * 5))
        found.append(Flow(column=0, source=source, target=ENDS[1], value=240 - 30 * i))
        found.append(Flow(column=1, source=source, target=ENDS[0], value=120 - 20 * i))
        found.append(Flow(column=2, source=source, target=ENDS[0], value=60 - 5 * i))
        found.append(Flow(column=2, source=source, target=ENDS[1], value=40 + 30 * i))
    return found


def html(**changes):
    """The page's text, with other figures where a test wants them."""
    from django.template import Context, Engine
    from django.template.engine import Engine as Plain

    default = Engine.get_default()
    engine = Plain(
        dirs=default.dirs,
        libraries=default.libraries | {"static": "django.templatetags.static"},
        builtins=default.builtins,
        loaders=[
            "django.template.loaders.filesystem.Loader",
            ("django.template.loaders.locmem.Loader", {"tests/side.html": SIDE}),
        ],
    )
    source = (HERE / "gallery.html").read_text()
    return engine.from_string(source).render(Context(context() | changes))


def serve(page, *texts):
    """Let ``page`` find the gallery at ``ADDRESS`` and the static files below it.

    Each further text is what a later request gets; the last one stays.
    """
    waiting = list(texts)
    from django.contrib.staticfiles import finders

    def answer(route):
        path = route.request.url.removeprefix(ADDRESS).partition("?")[0]
        if path.startswith("static/"):
            route.fulfill(path=finders.find(path.removeprefix("static/")))
        else:
            body = waiting.pop(0) if len(waiting) > 1 else waiting[0]
            route.fulfill(body=body, content_type="text/html")

    page.route(f"{ADDRESS}**", answer)
    page.goto(ADDRESS)


def main(out):
    """Photograph the gallery in both widths and themes."""
    sys.path[:0] = [str(ROOT), str(ROOT / "platform")]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django
    from playwright.sync_api import sync_playwright

    django.setup()
    text = html()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        for width in (375, 1440):
            for theme in ("light", "dark"):
                page = browser.new_page(
                    viewport={"width": width, "height": 900}, color_scheme=theme
                )
                page.on("console", lambda each: sys.stdout.write(f"{each.text}\n"))
                serve(page, text)
                page.wait_for_function(
                    "[...document.querySelectorAll('[data-chart]')].every(c => c.dataset.state)"
                )
                wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
                sys.stdout.write(f"{width} {theme}: {max(wide, 0)} px too wide\n")
                page.screenshot(path=Path(out) / f"gallery-{width}-{theme}.png", full_page=True)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1])
