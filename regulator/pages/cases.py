"""Cases: the list, opening one, one with its timeline, and the steps that can come next."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kernel import clock
from kernel.errors import InvalidInput, NotFound
from portal.pages import allowed, page, render_page
from portal.tables import csv_response
from regulator import queries, queries_cases
from regulator.cases import about as things
from regulator.cases import commands, steps
from regulator.cases.saying import OUTCOMES, decided, details
from regulator.cases.steps import Case, State
from regulator.contracts_cases import About, AboutKind
from regulator.dossier import jobs
from regulator.models import Operator
from regulator.pages.forms_cases import ASKED, BY_KIND, OpenForm, StepForm
from tenants import acts, audit
from tenants.contracts import Permission

STATES = {
    queries_cases.OPEN: "Open",
    str(State.AWAITING): "Awaiting an explanation",
    str(State.EXPLAINED): "Explained",
    str(State.DECIDED): "Decided",
    str(State.APPEALED): "Appealed",
    str(State.SETTLED): "Appeal decided",
    str(State.CLOSED): "Closed",
}
NAMES = {**STATES, str(State.OPEN): "Being examined"}
TAGS = {State.AWAITING: "tag-warn", State.APPEALED: "tag-warn", State.CLOSED: "tag-good"}
HEADER = [
    "case", "title", "operator", "state", "officer", "opened", "due", "overdue", "decision",
    "amount", "currency", "changed",
]  # fmt: skip
_EXPORTED = 10_000


@require_GET
@page(Permission.VIEW_REPORTS)
def index(request: HttpRequest) -> HttpResponse:
    """Cases that are not closed first, the newest first; by state, operator and officer."""
    asked: dict[str, Any] = {
        name: request.GET.get(name, "") for name in ("state", "operator", "officer")
    }
    names, today = _people(request), clock.now().date()
    if request.GET.get("format") == "csv":
        found = queries_cases.cases(**asked, limit=_EXPORTED).items
        return csv_response("cases.csv", HEADER, [_line(each, names, today) for each in found])
    cursor = request.GET.get("cursor")
    found_page = queries_cases.cases(**asked, cursor=cursor)
    context = {
        "page": found_page,
        "rows": [_row(each, names, today) for each in found_page.items],
        "more": bool(cursor),
        "asked": asked,
        "states": [("", "All"), *STATES.items()],
        "operators": queries_cases.operators(),
        "officers": [("nobody", "Nobody"), *_officers(request).items()],
        "any": queries_cases.any_case(),
        "overdue": len(queries_cases.overdue(today)),
        "may": Permission.MANAGE_CASES in allowed(request),
    }
    return render_page(request, "regulator/cases.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
@page(Permission.MANAGE_CASES)
def open_case(request: HttpRequest) -> HttpResponse:
    """Open a case about what ``about`` says, or about an operator's conduct as a whole."""
    given = request.POST if request.method == "POST" else request.GET
    about = things.read(given.get("about", ""))
    names = dict(Operator.objects.order_by("title").values_list("name", "title"))
    initial = {
        "about": things.write(about) if about else "",
        "title": about[0].title if about else "",
        "operator": about[0].operator if about else given.get("operator", ""),
    }
    sent = request.method == "POST" and "title" in request.POST
    form = OpenForm(request.POST if sent else None, initial=initial, operators=names)
    if sent and form.is_valid():
        try:
            case = _opened(request, form, about, names)
        except (InvalidInput, NotFound) as error:
            field = error.data.get("field")
            form.add_error(field if field in form.fields else None, error.detail)
        else:
            messages.success(request, "The case is open.")
            return redirect("case-file", case)
    context = {
        "form": form, "about": about, "names": names,
        "same": queries_cases.about([each.id for each in about]),
    }  # fmt: skip
    return render_page(request, "regulator/case_open.html", context)


def _opened(
    request: HttpRequest, form: OpenForm, about: tuple[About, ...], names: dict[str, str]
) -> UUID:
    operator = about[0].operator if about else form.cleaned_data["operator"]
    whole = About(
        kind=AboutKind.OPERATOR, id=operator, operator=operator,
        title=f"Conduct of {names.get(operator, operator)}",
    )  # fmt: skip
    return commands.open_case(
        operator=operator, title=form.cleaned_data["title"], about=about or (whole,),
        actor=_member(request), now=clock.now(),
    )  # fmt: skip


@require_GET
@page(Permission.VIEW_REPORTS)
def case(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """One case: what it is about, all its steps with who and when, and what can be done next."""
    return _shown(request, case_id)


@never_cache
@require_POST
@page(Permission.MANAGE_CASES)
def step(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Take a step; what can't be taken comes back with what was typed, and why."""
    asked = ASKED.get(request.POST.get("step", ""))
    held = commands.held(case_id)
    if asked is None:
        raise InvalidInput("There is no such step.", field="step")
    form = asked.form(request.POST, **_knows(request, held))
    if not form.is_valid():
        return _shown(request, case_id, form=form, name=asked.name, status=400)
    try:
        commands.take(
            case_id, asked.kind, form.values(), actor=_member(request), now=clock.now(),
            seen=_seen(request),
        )  # fmt: skip
    except InvalidInput as error:
        field = error.data.get("field")
        form.add_error(field if field in form.fields else None, error.detail)
        return _shown(request, case_id, form=form, name=asked.name, status=error.http_status)
    return redirect("case-file", case_id)


def _shown(
    request: HttpRequest, id: UUID, *, form: StepForm | None = None, name: str = "",
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    held, now, names = commands.held(id), clock.now(), _people(request)
    timeline = queries_cases.timeline(id)
    may = Permission.MANAGE_CASES in allowed(request)
    entry = queries.operator(held.operator)
    context = {
        "case": held,
        "state": NAMES[held.state],
        "tag": TAGS.get(held.state, ""),
        "overdue": held.overdue(now.date()),
        "operator": entry,
        "officer": _name(held.officer, names),
        "decision": decided(held.decision) if held.decision else None,
        "about": [(each, _link(each)) for each in held.about],
        "timeline": [
            {"item": each, "who": _name(each.step.actor, names), "told": details(each.step, names)}
            for each in reversed(timeline)
        ],
        "behind": len(timeline) < held.steps,
        "forms": _forms(request, held, now.date(), form, name) if may else [],
        "refused": form if form is not None and name and not _offered(held, name, now.date())
        else None,
        "dossiers": jobs.of_case(id),
        "may_export": Permission.VERIFY_LOG in allowed(request),
        "may": may,
    }  # fmt: skip
    return render_page(request, "regulator/case.html", context, status=status)


def _forms(
    request: HttpRequest, case: Case, today: date, sent: StepForm | None, name: str
) -> list[dict[str, Any]]:
    """The steps that can come next, the one that was sent with what was typed."""
    found, known = [], _knows(request, case)
    for kind in steps.possible(case, today):
        asked = BY_KIND[kind]
        mine = asked.name == name and sent is not None
        form = sent if mine else asked.form(auto_id=f"{asked.name}_%s", **known)
        found.append({"asked": asked, "form": form, "open": mine})
    return found


def _offered(case: Case, name: str, today: date) -> bool:
    return ASKED[name].kind in steps.possible(case, today)


def _knows(request: HttpRequest, case: Case) -> dict[str, Any]:
    return {
        "currency": queries.operator(case.operator).currency,
        "officers": _officers(request),
        "initial": {"officer": _member(request), "received": clock.now().date(),
                    "lodged": clock.now().date()},
    }  # fmt: skip


def _link(about: About) -> str:
    """Where a thing a case is about is shown."""
    if about.kind is AboutKind.ANOMALY:
        return f"/anomalies/{about.id}/"
    if about.kind is AboutKind.FINDING:
        return f"/findings/?operator={about.operator}"
    return f"/operators/{about.operator}/"


def _row(case: Case, names: dict[str, str], today: date) -> dict[str, Any]:
    return {
        "case": case, "state": NAMES[case.state], "tag": TAGS.get(case.state, ""),
        "officer": _name(case.officer, names), "overdue": case.overdue(today),
        "decision": decided(case.decision) if case.decision else None,
    }  # fmt: skip


def _line(case: Case, names: dict[str, str], today: date) -> list[Any]:
    decision = case.decision
    return [
        case.reference, case.title, case.operator, str(case.state), _name(case.officer, names),
        case.opened_at, case.due, "yes" if case.overdue(today) else "",
        OUTCOMES[decision.outcome] if decision else "", decision.amount if decision else None,
        decision.currency if decision else "", case.changed_at,
    ]  # fmt: skip


def _seen(request: HttpRequest) -> int | None:
    text = request.POST.get("seen", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _people(request: HttpRequest) -> dict[str, str]:
    return audit.people(request.tenant)  # type: ignore[attr-defined]  # the middleware's


def _officers(request: HttpRequest) -> dict[str, str]:
    tenant = request.tenant  # type: ignore[attr-defined]  # the middleware's
    return audit.able(tenant, Permission.MANAGE_CASES)


def _name(who: str, names: dict[str, str]) -> str:
    """A member's name; who left is known by the start of their pseudonym."""
    return names.get(who) or (f"former member {who[:8]}" if who else "")


def _member(request: HttpRequest) -> str:
    return acts.pseudonym(request.tenant, request.user)  # type: ignore[attr-defined,arg-type]  # a member
