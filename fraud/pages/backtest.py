"""Back-test: what other limits and thresholds would have decided on the tenant's own history."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from eventlog import read
from fraud import tasks
from fraud.backtests import progress
from fraud.backtests.progress import Asked, Limits, Run
from fraud.contracts import EventFraud, Verdict
from fraud.models import Case
from fraud.pages import thresholds
from fraud.rules.words import NAMES
from fraud.scoring import policy
from fraud.scoring.backtest import MODEL_ALONE, Backtest, Change, Example
from fraud.scoring.decide import Policy
from kernel import clock
from portal import daterange
from portal.pages import page, render_page
from tenants import acts
from tenants.contracts import Permission

_SHOWN = 20
_VERDICTS = {Verdict.ALLOW: "Let through", Verdict.REVIEW: "To review", Verdict.BLOCK: "Blocked"}


@never_cache
@require_http_methods(["GET", "POST"])
@page(Permission.MANAGE_JOURNEYS)
def index(request: HttpRequest) -> HttpResponse:
    """The form, how far the back-test is, and what it found; or a new one."""
    held = policy.current()
    if request.method == "POST":
        return _begin(request, held)
    latest = progress.current()
    tried = latest.asked.tried.policy(on=held.on) if latest else held
    days = daterange.parse(_range_of(latest), clock.now().date())
    context = {
        "run": latest,
        "share": min(latest.done / latest.of, 1.0) if latest else 0.0,
        "policy": tried,
        "held": held,
        "rules": thresholds.rules(tried, held),
        "range": days,
        "ranges": daterange.RANGES,
        **(_found(latest, latest.result, held) if latest and latest.result else {}),
    }
    return render_page(request, "fraud/backtest.html", context)


@require_POST
@page(Permission.MANAGE_JOURNEYS)
def use(request: HttpRequest) -> HttpResponse:
    """Put what was tried to use: events are judged by it from here on."""
    run, held = progress.finished(request.POST.get("token", "")), policy.current()
    _put(request, run.asked.tried, held)
    progress.put_to_use(run.token, replaced=Limits.of(held))
    messages.success(request, "These thresholds hold within a few seconds. You can go back.")
    return redirect("backtest")


@require_POST
@page(Permission.MANAGE_JOURNEYS)
def back(request: HttpRequest) -> HttpResponse:
    """Put back what held before; not where somebody has changed the policy since."""
    run, held = progress.finished(request.POST.get("token", "")), policy.current()
    if run.replaced is None or Limits.of(held) != run.asked.tried:
        messages.info(request, "The policy has been changed since. This is how it is now.")
        return redirect("scoring")
    _put(request, run.replaced, held)
    progress.put_to_use(run.token, replaced=None)
    messages.success(request, "The thresholds before hold again within a few seconds.")
    return redirect("backtest")


def _begin(request: HttpRequest, held: Policy) -> HttpResponse:
    """Ask for a back-test; one at a time."""
    days = daterange.parse(request.POST, clock.now().date())
    tried = thresholds.read(request.POST, on=held.on)
    asked = Asked(
        held=Limits.of(held), tried=Limits.of(tried), start=days.start, end=days.end,
    )  # fmt: skip
    token = progress.begin(asked, of=read.count())
    if token is None:
        messages.info(request, "A back-test is under way already.")
    else:
        tasks.backtest.delay(schema=request.tenant.schema_name, token=token)  # type: ignore[attr-defined]  # set by the middleware
    return redirect("backtest")


def _put(request: HttpRequest, limits: Limits, held: Policy) -> None:
    """Keep the limits as the policy; whether events are scored stays as it is."""
    member = acts.pseudonym(request.tenant, request.user)  # type: ignore[attr-defined,arg-type]  # a member
    policy.put(limits.policy(on=held.on), actor=member, now=clock.now())


def _range_of(latest: Run | None) -> dict[str, str]:
    """The query string of the latest back-test's days, or of the last month."""
    if latest is None:
        return {}
    return {"range": "custom", "start": f"{latest.asked.start}", "end": f"{latest.asked.end}"}


def _found(run: Run, result: Backtest, held: Policy) -> dict[str, Any]:
    now, tried = Limits.of(held), run.asked.tried
    return {
        "result": result,
        "verdicts": _by_verdict(result),
        "tables": [
            ("kinds", "Kind of fraud", [(_kind(each.name), each) for each in result.kinds]),
            ("rules", "Rule",
             [(thresholds.rule_name(each.name), each) for each in result.rules[:_SHOWN]]),
            ("publishers", "Publisher", [(each.name, each) for each in result.publishers[:_SHOWN]]),
        ],
        "examples": [
            ("gained", "Newly held back", _examples(result.gained), result.newly),
            ("lost", "No longer held back", _examples(result.lost), result.no_longer),
        ],
        "same": run.asked.tried == run.asked.held,
        "in_use": run.replaced is not None and now == tried,
        "outdated": now not in (run.asked.held, tried),
    }  # fmt: skip


def _by_verdict(result: Backtest) -> list[tuple[str, Change]]:
    known = {each.name: each for each in result.verdicts}
    none = Change(name="", of=result.events, before=0, after=0)
    return [(words, known.get(verdict, replace(none, name=verdict)))
            for verdict, words in _VERDICTS.items()]  # fmt: skip


def _kind(name: str) -> str:
    return "the model alone" if name == MODEL_ALONE else NAMES[EventFraud(name)]


def _examples(examples: Sequence[Example]) -> list[dict[str, Any]]:
    """Examples with their kind in words, and whether there is a case of each."""
    cases = {str(each) for each in Case.objects.filter(
        event__in=[each.event for each in examples]).values_list("event", flat=True)}  # fmt: skip
    return [
        {"of": each, "kind": _kind(each.kind), "case": each.event in cases} for each in examples
    ]
