"""The bare host: landing, sign-up, log-in, the chooser, opening a tenant, join links."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import LoginView, LogoutView
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from kernel import clock
from kernel.errors import DomainError
from tenants import address as client
from tenants import commands, links, queries, rules, second_factor, sessions, signins
from tenants.contracts import Kind, Offer
from tenants.forms import KINDS, ROLES, AddressForm, LogInForm, OrganisationForm, PersonForm
from tenants.models import Tenant, User
from tenants.pages import code, hosts

P = ParamSpec("P")

HASH_LENGTH = 64


def public(
    view: Callable[Concatenate[HttpRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Show an expected failure as a page with its reason; never keep these pages in a cache."""

    @never_cache
    @wraps(view)
    def shown(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except DomainError as error:
            return render(
                request, "tenants/problem.html", {"problem": error}, status=error.http_status
            )

    return shown


@require_GET
@public
def landing(request: HttpRequest) -> HttpResponse:
    """What the product is, and the two ways in."""
    context = {"events_url": hosts.bare(request, "/api/v1/events")}
    return render(request, "tenants/landing.html", context)


class LogIn(LoginView):
    """Django's log-in with a throttle and redirects to tenants' hosts."""

    template_name = "tenants/login.html"
    form_class = LogInForm
    redirect_authenticated_user = True

    def form_valid(self, form: Any) -> HttpResponse:
        """The password fits; who has a second factor is nobody yet, and is asked for a code."""
        user = form.get_user()
        onward = self._onward(user)
        if second_factor.has(user):
            code.expect(self.request, user=user, onward=onward)
            return redirect("login-code")
        signins.sign_in(self.request, user, second_factor=False, now=clock.now())
        return HttpResponseRedirect(onward)

    def _onward(self, user: User) -> str:
        wanted = self.request.POST.get("next") or self.request.GET.get("next", "")
        return hosts.onward(wanted) or _home(user)

    def get_success_url(self) -> str:
        """Where the person wanted to go, else the only organisation, else the chooser."""
        return self._onward(_user(self.request))


class LogOut(LogoutView):
    """End the bare host's session; sessions of tenants' hosts that came from it end with it."""

    next_page = "landing"


def _home(user: User) -> str:
    mine = queries.organisations(user)
    return hosts.entrance(mine[0].slug) if len(mine) == 1 else "/tenants/"


def _user(request: HttpRequest) -> User:
    """The logged-in user; only called where being logged in was asked for."""
    if not isinstance(request.user, User):
        raise TypeError("a page for members was reached by nobody")
    return request.user


@require_http_methods(["GET", "POST"])
@public
def sign_up(request: HttpRequest) -> HttpResponse:
    """A new organisation, and a new account unless somebody is logged in."""
    person = None
    if not request.user.is_authenticated:
        person = PersonForm(request.POST or None, prefix="person")
    organisation = OrganisationForm(request.POST or None)
    if request.method == "POST" and _valid(person, organisation):
        try:
            tenant = _found(request, person, organisation)
        except commands.SlugTaken as error:
            organisation.add_error("slug", error.detail)
        else:
            return redirect("opening", slug=tenant.slug)
    context = {
        "person": person,
        "form": organisation,
        "kinds": [(str(kind), kind.title(), text) for kind, text in KINDS.items()],
        "suffix": hosts.tenants(request, "x").split("x", 1)[1].rstrip("/"),
    }
    return render(request, "tenants/signup.html", context)


def _valid(*given: PersonForm | OrganisationForm | None) -> bool:
    """Whether all forms are; each is looked at, so that all errors show at once."""
    answers = [form.is_valid() for form in given if form is not None]
    return all(answers)


def _found(
    request: HttpRequest, person: PersonForm | None, organisation: OrganisationForm
) -> Tenant:
    chosen = organisation.cleaned_data
    with transaction.atomic():
        founder = _account(person) if person else _user(request)
        tenant = commands.found_tenant(
            founder=founder,
            name=chosen["organisation"],
            slug=chosen["slug"],
            kind=Kind(chosen["kind"]),
            currency=chosen["currency"],
            now=clock.now(),
        )
    if person:
        signins.sign_in(request, founder, second_factor=False, now=clock.now())
    return tenant


def _account(person: PersonForm) -> User:
    data = person.cleaned_data
    return User.objects.create_user(
        email=data["email"], password=data["password"], name=data["name"]
    )


@require_GET
@public
def address(request: HttpRequest) -> HttpResponse:
    """Whether an address can be had, as a line below the field while it is typed."""
    slug = request.GET.get("slug", "").strip().lower()
    slug = slug or rules.suggest_slug(request.GET.get("organisation", ""))
    context = {"slug": slug, "problem": queries.slug_problem(slug)}
    return render(request, "tenants/parts/address.html", context)


@login_required
@require_GET
@public
def choose(request: HttpRequest) -> HttpResponse:
    """The organisations the person is a member of."""
    context = {"organisations": queries.organisations(_user(request))}
    return render(request, "tenants/choose.html", context)


@login_required
@require_http_methods(["GET", "POST"])
@public
def opening(request: HttpRequest, slug: str) -> HttpResponse:
    """Make the new organisation's room; the page asks for it itself, and again after a crash."""
    organisation = queries.organisation(_user(request), slug)
    if request.method == "POST" and not organisation.ready:
        commands.open_tenant(slug=slug, now=clock.now())
    elif not organisation.ready:
        return render(request, "tenants/opening.html", {"organisation": organisation})
    return _go(request, hosts.entrance(slug, _FIRST[organisation.kind]))


# Where a new organisation begins: an advertiser with a key, a regulator with its register.
_FIRST = {Kind.ADVERTISER: "/settings/keys/", Kind.REGULATOR: "/"}


def _go(request: HttpRequest, address: str) -> HttpResponse:
    """Redirect the whole page, also when htmx asked."""
    if request.headers.get("HX-Request"):
        return HttpResponse(headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)


@login_required
@require_GET
@public
def enter(request: HttpRequest, slug: str) -> HttpResponse:
    """Hand the person over to the tenant's host, for a session there.

    The token is for one browser, so the tenant's host first has to say which (``session.begin``).
    """
    user = _user(request)
    if not queries.organisation(user, slug).ready:
        return redirect("opening", slug=slug)
    tenant = Tenant.objects.get(slug=slug)
    if tenant.require_second_factor and not sessions.marked(request.session):
        return redirect(f"/account/?needed={slug}")
    path, browser = request.GET.get("next", "/"), request.GET.get("browser", "")
    if len(browser) != HASH_LENGTH:
        begin = f"/session/begin/?{urlencode({'next': sessions.local_path(path)})}"
        return HttpResponseRedirect(hosts.tenants(request, slug, begin))
    token = sessions.hand_off(
        user=user,
        tenant=tenant,
        root=request.session.session_key or "",
        path=path,
        browser=browser,
        now=clock.now(),
    )
    return HttpResponseRedirect(hosts.tenants(request, slug, f"/session/start/?token={token}"))


@require_http_methods(["GET", "POST"])
@public
def join(request: HttpRequest, token: str) -> HttpResponse:
    """Accept an invitation, with the present account or a new one."""
    offer = queries.offer(token=token, now=clock.now())
    reads = offer.email or links.claimed(token=token, proof=request.GET.get("for", ""))
    if not reads and settings.MAIL_LEAVES and not request.user.is_authenticated:
        return _prove_address(request, token, offer)
    person = None if request.user.is_authenticated else _invited(request, reads)
    if request.method == "POST" and (person is None or person.is_valid()):
        if person and reads and person.cleaned_data["email"] != reads:
            raise links.LinkUnusable("This link was made for another address.")
        return _joined(request, token, person)
    context = {
        "offer": offer,
        "person": person,
        "may": ROLES[offer.role],
        "path": request.path,
    }
    return render(request, "tenants/join.html", context)


def _joined(request: HttpRequest, token: str, person: PersonForm | None) -> HttpResponse:
    with transaction.atomic():
        user = _account(person) if person else _user(request)
        origin = client.short(request)
        tenant = commands.join(token=token, user=user, now=clock.now(), origin=origin)
    if person:
        signins.sign_in(request, user, second_factor=False, now=clock.now())
    return HttpResponseRedirect(hosts.entrance(tenant.slug))


def _prove_address(request: HttpRequest, token: str, offer: Offer) -> HttpResponse:
    """A link for whoever holds it: who has no account yet shows first that they read their mail.

    So the holder of a link learns of no address but their own whether it has an account.
    """
    form = AddressForm(request.POST or None)
    sent = request.method == "POST" and form.is_valid()
    if sent:
        commands.send_join_letter(
            token=token,
            email=form.address(),
            letter_at=hosts.mailed(request, f"/join/{token}/?for={links.PLACE}"),
            address=client.of(request),
            now=clock.now(),
        )
    context = {
        "offer": offer, "form": form, "sent": sent, "may": ROLES[offer.role], "path": request.path
    }  # fmt: skip
    return render(request, "tenants/join_address.html", context)


def _invited(request: HttpRequest, email: str) -> PersonForm:
    """The form for a new account; an address that was proved is meant to stay."""
    form = PersonForm(request.POST or None, prefix="person", initial={"email": email})
    if email:
        form.fields["email"].widget.attrs["readonly"] = True
    return form


def log_in(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
    """The log-in page, never from a cache."""
    return never_cache(LogIn.as_view())(request, **kwargs)
