"""Settings: the tenant's own sites, which are no referrers."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from kernel import clock
from portal.pages import page, render_page
from tenants import address, own_hosts
from tenants.contracts import Permission
from tenants.forms import OwnSitesForm


@never_cache
@require_http_methods(["GET", "POST"])
@page(Permission.MANAGE_SITES)
def index(request: HttpRequest) -> HttpResponse:
    """The list, and changing it."""
    tenant = request.tenant  # type: ignore[attr-defined]  # the middleware's
    form = OwnSitesForm(request.POST or None, initial={"hosts": "\n".join(own_hosts.of(tenant))})
    if request.method == "POST" and form.is_valid():
        kept = own_hosts.put(
            tenant=tenant,
            actor=request.user,  # type: ignore[arg-type]  # a member
            hosts=form.chosen(),
            now=clock.now(),
            origin=address.short(request),
        )
        said = f"Saved: {len(kept)} site{'' if len(kept) == 1 else 's'}. It holds from now on."
        messages.success(request, said)
        return redirect("own-sites")
    status = 400 if form.is_bound else 200
    return render_page(request, "tenants/sites.html", {"form": form}, status=status)
