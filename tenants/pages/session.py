"""A tenant's host: begin a session with a hand-off token, end it."""

from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from kernel import clock
from tenants import sessions
from tenants.pages import hosts


@never_cache
@require_GET
def start(request: HttpRequest) -> HttpResponse:
    """Redeem the token of the bare host and go on to where the person wanted."""
    tenant = request.tenant  # type: ignore[attr-defined]  # set by the tenant middleware
    try:
        entry = sessions.redeem(token=request.GET.get("token", ""), tenant=tenant, now=clock.now())
    except sessions.BadHandOff as error:
        if request.membership is not None:  # type: ignore[attr-defined]  # as above
            return HttpResponseRedirect("/")  # "back" after having come in
        context = {"problem": error, "log_in": hosts.bare(request, hosts.entrance(tenant.slug))}
        return render(request, "tenants/problem.html", context, status=error.http_status)
    login(request, entry.user, backend="django.contrib.auth.backends.ModelBackend")
    sessions.bind(request.session, tenant=tenant, root=entry.root)
    return HttpResponseRedirect(entry.path)


@never_cache
@require_POST
def end(request: HttpRequest) -> HttpResponse:
    """Log out here and everywhere this log-in reaches."""
    sessions.end(request.session)
    return HttpResponseRedirect(hosts.bare(request))
