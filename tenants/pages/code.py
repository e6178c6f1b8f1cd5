"""The bare host: the second step of a log-in, for those who have a second factor."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from kernel import clock
from kernel.errors import InvalidInput
from tenants import address, second_factor, signins
from tenants.forms import CodeForm
from tenants.models import User

WAITS_SECONDS = 600
_WAITING = "waits_for_code"


def expect(request: HttpRequest, *, user: User, onward: str) -> None:
    """Remember whose password was right, and of which one; nobody is logged in yet."""
    request.session.cycle_key()
    request.session[_WAITING] = {
        "user": user.pk,
        "hash": user.get_session_auth_hash(),
        "onward": onward,
        "until": clock.now().timestamp() + WAITS_SECONDS,
    }


@never_cache
@require_http_methods(["GET", "POST"])
def log_in(request: HttpRequest) -> HttpResponse:
    """Ask for a code; with it the log-in is complete."""
    waiting = request.session.get(_WAITING, {})
    user = _waiting_user(waiting)
    if user is None:
        return redirect("login")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        now = clock.now()
        try:
            second_factor.check(
                user=user, code=form.cleaned_data["code"], address=address.of(request), now=now
            )
        except InvalidInput as error:
            form.add_error("code", error.detail)
        else:
            del request.session[_WAITING]
            signins.sign_in(request, user, second_factor=True, now=now)
            return HttpResponseRedirect(waiting["onward"])
    return render(request, "tenants/login_code.html", {"form": form})


def _waiting_user(waiting: dict[str, Any]) -> User | None:
    """Whose password was right a moment ago; nobody once it was changed."""
    if not waiting or clock.now().timestamp() > waiting["until"]:
        return None
    user = User.objects.filter(pk=waiting["user"], is_active=True).first()
    fits = user is not None and user.get_session_auth_hash() == waiting["hash"]
    return user if fits else None
