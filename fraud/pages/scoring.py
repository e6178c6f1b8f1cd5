"""The policy: whether events are scored, from where on somebody looks, each rule's thresholds."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from fraud import tasks
from fraud.base.offered import offered
from fraud.pages import thresholds
from fraud.scoring import policy
from kernel import clock
from portal.pages import page, render_page
from tenants import acts
from tenants.contracts import Permission


@never_cache
@require_http_methods(["GET", "POST"])
@page(Permission.MANAGE_JOURNEYS)
def index(request: HttpRequest) -> HttpResponse:
    """The policy as it is, or a new one."""
    if request.method == "POST":
        member = acts.pseudonym(request.tenant, request.user)  # type: ignore[attr-defined,arg-type]  # a member
        sent = thresholds.read(request.POST, on=request.POST.get("on") == "on")
        policy.put(sent, actor=member, now=clock.now())
        messages.success(request, "Kept. Events are judged so within a few seconds.")
        if sent.on and offered():
            tasks.wake_base(request.tenant.schema_name, member)  # type: ignore[attr-defined]  # set by the middleware
        return redirect("scoring")
    held = policy.current()
    context = {"policy": held, "rules": thresholds.rules(held)}
    return render_page(request, "fraud/scoring.html", context)
