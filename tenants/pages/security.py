"""Settings: what members need to get in."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from kernel import clock
from portal.pages import page, render_page
from tenants import address, queries, second_factor, security
from tenants.contracts import Permission
from tenants.pages import hosts


@require_http_methods(["GET", "POST"])
@page(Permission.MANAGE_SECURITY)
def index(request: HttpRequest) -> HttpResponse:
    """Whether a second factor is required, and who lacks one."""
    tenant = request.tenant  # type: ignore[attr-defined]  # the middleware's
    if request.method == "POST":
        security.require_second_factor(
            tenant=tenant,
            actor=request.user,  # type: ignore[arg-type]  # a member
            required=request.POST.get("required") == "yes",
            origin=address.short(request),
            now=clock.now(),
        )
        return redirect("security")
    members = queries.members(tenant)
    context = {
        "required": tenant.require_second_factor,
        "protected": second_factor.has(request.user),  # type: ignore[arg-type]  # a member
        "lacking": [member for member in members if not member.second_factor],
        "members": len(members),
        "account": hosts.bare(request, "/account/"),
    }
    return render_page(request, "tenants/security.html", context)
