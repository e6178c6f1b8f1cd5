"""The bare host: a new password, by a link in a letter."""

from typing import Any

from django.contrib.auth.views import PasswordResetConfirmView
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from kernel import clock
from tenants import address, passwords
from tenants.forms import AddressForm, NewPasswordForm
from tenants.pages import hosts
from tenants.pages.public import public


@require_http_methods(["GET", "POST"])
@public
def forgotten(request: HttpRequest) -> HttpResponse:
    """Ask for a link; the answer is the same whether or not the address has an account."""
    form = AddressForm(request.POST or None)
    sent = request.method == "POST" and form.is_valid()
    if sent:
        passwords.ask_for_reset(
            email=form.address(),
            address=address.of(request),
            reset_at=hosts.mailed(request, passwords.PLACE),
            now=clock.now(),
        )
    return render(request, "tenants/forgotten.html", {"form": form, "sent": sent})


class Reset(PasswordResetConfirmView):
    """Django's page behind such a link: the token moves into the session and out of the address."""

    template_name = "tenants/reset.html"
    form_class = NewPasswordForm  # type: ignore[assignment]  # it has the interface the page uses
    success_url = "/login/?changed=1"

    def form_valid(self, form: Any) -> HttpResponse:
        """Keep the password; every session of the account ends with the old one."""
        answer = super().form_valid(form)
        passwords.changed(
            user=form.user, how="reset", now=clock.now(), origin=address.short(self.request)
        )
        return answer


def reset(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
    """Choose a new password, never from a cache."""
    return never_cache(Reset.as_view())(request, **kwargs)
