"""The bare host: a person's own account: password, second factor, sessions."""

from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kernel import clock
from kernel.errors import InvalidInput
from tenants import address, passwords, second_factor, sessions, signins
from tenants.forms import EnrolForm, NewPasswordForm, OwnPasswordForm
from tenants.models import Tenant, User
from tenants.pages.public import public


def _user(request: HttpRequest) -> User:
    """The logged-in user; only called where being logged in was asked for."""
    if not isinstance(request.user, User):
        raise TypeError("a page for members was reached by nobody")
    return request.user


@login_required
@require_GET
@public
def index(request: HttpRequest) -> HttpResponse:
    """Everything of the account on one page."""
    return _shown(request)


@login_required
@require_http_methods(["GET", "POST"])
@public
def enrol(request: HttpRequest) -> HttpResponse:
    """Scan the seed, type the first code; the recovery codes are in that one answer."""
    user = _user(request)
    if second_factor.has(user):
        return redirect("account")
    seed = second_factor.begin(user=user)
    form = EnrolForm(user, address.of(request), request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            codes = second_factor.confirm(
                user=user,
                code=form.cleaned_data["code"],
                address=address.of(request),
                origin=address.short(request),
                now=clock.now(),
            )
        except InvalidInput as error:
            form.add_error("code", error.detail)
        else:
            sessions.mark(request.session, second_factor=True)
            return _shown(request, codes=codes)
    picture = second_factor.picture(user, seed)
    context = {
        "form": form,
        "picture": mark_safe(picture),  # noqa: S308  # an SVG we drew
        "seed": " ".join(seed[at : at + 4] for at in range(0, len(seed), 4)),
    }
    return render(request, "tenants/enrol.html", context)


@login_required
@require_POST
@public
def renew_codes(request: HttpRequest) -> HttpResponse:
    """New recovery codes, after the password."""
    form = OwnPasswordForm(_user(request), address.of(request), request.POST)
    if not (form.is_valid() and second_factor.has(_user(request))):
        return _shown(request, renew=form)
    codes = second_factor.renew_codes(
        user=_user(request), origin=address.short(request), now=clock.now()
    )
    return _shown(request, codes=codes)


@login_required
@require_POST
@public
def switch_off(request: HttpRequest) -> HttpResponse:
    """No second factor any more, after the password."""
    form = OwnPasswordForm(_user(request), address.of(request), request.POST)
    if not form.is_valid():
        return _shown(request, off=form)
    second_factor.switch_off(user=_user(request), origin=address.short(request), now=clock.now())
    sessions.mark(request.session, second_factor=False)
    return redirect("account")


@login_required
@require_POST
@public
def password(request: HttpRequest) -> HttpResponse:
    """A new password, after the old one; all other sessions end."""
    user = _user(request)
    old = OwnPasswordForm(user, address.of(request), request.POST, prefix="old")
    new = NewPasswordForm(user, request.POST, prefix="new")
    if not (old.is_valid() and new.is_valid()):
        return _shown(request, old=old, new=new)
    new.save()
    update_session_auth_hash(request, user)
    signins.keep_only(request, user, now=clock.now())
    passwords.changed(user=user, how="changed", now=clock.now(), origin=address.short(request))
    return redirect("account")


@login_required
@require_POST
@public
def end_session(request: HttpRequest, sign_in_id: int) -> HttpResponse:
    """End one of one's own sessions."""
    signins.end(user=_user(request), sign_in_id=sign_in_id)
    return redirect("account")


@login_required
@require_POST
@public
def end_others(request: HttpRequest) -> HttpResponse:
    """End all sessions but this one."""
    signins.end_others(user=_user(request), here=request.session.session_key or "")
    return redirect("account")


def _shown(request: HttpRequest, **more: object) -> HttpResponse:
    user, here = _user(request), request.session.session_key or ""
    context = {
        "old": OwnPasswordForm(user, "", prefix="old"),
        "new": NewPasswordForm(user, prefix="new"),
        "renew": OwnPasswordForm(user, "", auto_id="renew_%s"),
        "off": OwnPasswordForm(user, "", auto_id="off_%s"),
        **more,
        "protected": second_factor.has(user),
        "codes_left": second_factor.codes_left(user),
        "sessions": signins.living(user, here=here, now=clock.now()),
        "needed": Tenant.objects.filter(
            slug=request.GET.get("needed", ""), memberships__user=user
        ).first(),
    }
    return render(request, "tenants/account.html", context)
