"""A tenant's host: begin a session with a hand-off token, end it."""

from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from kernel import clock
from tenants import acts, address, sessions
from tenants.contracts import SignedIn
from tenants.devices import device
from tenants.pages import hosts

# A cookie named so is set by this host alone, over TLS; browsers hold to it.
BROWSER_COOKIE = "__Host-browser" if settings.SESSION_COOKIE_SECURE else "browser"
BROWSER_KEPT_SECONDS = 600


@never_cache
@require_GET
def begin(request: HttpRequest) -> HttpResponse:
    """Give the browser a value to be known by, and send it back for a token made for it alone."""
    browser = request.COOKIES.get(BROWSER_COOKIE) or sessions.new_browser()
    query = {
        "browser": sessions.browser_hash(browser),
        "next": sessions.local_path(request.GET.get("next", "/")),
    }
    slug = request.tenant.slug  # type: ignore[attr-defined]  # set by the tenant middleware
    entrance = f"{hosts.entrance(slug)}?{urlencode(query)}"
    answer = HttpResponseRedirect(hosts.bare(request, entrance))
    answer.set_cookie(
        BROWSER_COOKIE,
        browser,
        max_age=BROWSER_KEPT_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return answer


@never_cache
@require_GET
def start(request: HttpRequest) -> HttpResponse:
    """Redeem the token of the bare host and go on to where the person wanted."""
    tenant = request.tenant  # type: ignore[attr-defined]  # set by the tenant middleware
    try:
        entry = sessions.redeem(
            token=request.GET.get("token", ""),
            tenant=tenant,
            browser=request.COOKIES.get(BROWSER_COOKIE, ""),
            now=clock.now(),
        )
    except sessions.BadHandOff as error:
        if request.membership is not None:  # type: ignore[attr-defined]  # as above
            return HttpResponseRedirect("/")  # "back" after having come in
        context = {"problem": error, "log_in": hosts.bare(request, hosts.entrance(tenant.slug))}
        return render(request, "tenants/problem.html", context, status=error.http_status)
    login(request, entry.user, backend="django.contrib.auth.backends.ModelBackend")
    sessions.bind(request.session, tenant=tenant, root=entry.root)
    act = SignedIn(
        actor=acts.pseudonym(tenant, entry.user),
        device=device(request.headers.get("User-Agent", "")),
        second_factor=sessions.marked(sessions.store(entry.root)),
    )
    acts.record(tenant, act, now=clock.now(), origin=address.short(request))
    return HttpResponseRedirect(entry.path)


@never_cache
@require_POST
def end(request: HttpRequest) -> HttpResponse:
    """Log out here and everywhere this log-in reaches."""
    sessions.end(request.session)
    return HttpResponseRedirect(hosts.bare(request))
