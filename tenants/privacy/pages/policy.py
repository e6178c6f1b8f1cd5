"""Settings: how long events are kept, and what holds before a person decides."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from kernel import clock
from portal.pages import page, render_page
from tenants import acts
from tenants.contracts import Permission
from tenants.privacy import policy, retention
from tenants.privacy.contracts import Purpose
from tenants.privacy.forms import PolicyForm


@never_cache
@require_http_methods(["GET", "POST"])
@page(Permission.MANAGE_PRIVACY)
def index(request: HttpRequest) -> HttpResponse:
    """The policy, and changing it."""
    held = policy.current()
    first = {"retention_days": held.retention_days} | {
        str(purpose): granted for purpose, granted in held.defaults.items()
    }
    form = PolicyForm(request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        tenant = request.tenant  # type: ignore[attr-defined]  # the middleware's
        policy.change(
            tenant=tenant,
            actor=acts.pseudonym(tenant, request.user),  # type: ignore[arg-type]  # a member
            retention_days=form.cleaned_data["retention_days"],
            defaults={purpose: form.cleaned_data[str(purpose)] for purpose in Purpose},
            now=clock.now(),
        )
        return redirect("privacy-policy")
    context = {"form": form, "held": held, "last": retention.last()}
    return render_page(request, "privacy/policy.html", context)
