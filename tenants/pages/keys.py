"""Settings: API keys."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from kernel import clock
from portal.pages import page, render_page
from portal.tables import csv_response
from tenants import address, commands, queries
from tenants.contracts import IssuedKey, Permission
from tenants.forms import SCOPES, KeyForm
from tenants.pages import hosts


@never_cache
@require_http_methods(["GET", "POST"])
@page(Permission.MANAGE_KEYS)
def index(request: HttpRequest) -> HttpResponse:
    """The keys, and making one; a new key's text is in this one answer and nowhere else."""
    form = KeyForm(request.POST or None)
    issued = None
    if request.method == "POST" and form.is_valid():
        issued = commands.issue_key(
            tenant=request.tenant,  # type: ignore[attr-defined]  # the middleware's
            actor=request.user,  # type: ignore[arg-type]  # a member
            name=form.cleaned_data["name"],
            scopes=form.chosen(),
            now=clock.now(),
            origin=address.short(request),
        )
        form = KeyForm()
    return _shown(request, form, issued)


@never_cache
@require_POST
@page(Permission.MANAGE_KEYS)
def rotate(request: HttpRequest, key_id: int) -> HttpResponse:
    """Replace a key and show the new one."""
    issued = commands.rotate_key(
        tenant=request.tenant,  # type: ignore[attr-defined]  # the middleware's
        actor=request.user,  # type: ignore[arg-type]  # a member
        key_id=key_id,
        now=clock.now(),
        origin=address.short(request),
    )
    return _shown(request, KeyForm(), issued)


@require_POST
@page(Permission.MANAGE_KEYS)
def revoke(request: HttpRequest, key_id: int) -> HttpResponse:
    """Stop a key for good."""
    commands.revoke_key(
        tenant=request.tenant,  # type: ignore[attr-defined]  # the middleware's
        actor=request.user,  # type: ignore[arg-type]  # a member
        key_id=key_id,
        now=clock.now(),
        origin=address.short(request),
    )
    return redirect("keys")


def _shown(request: HttpRequest, form: KeyForm, issued: IssuedKey | None) -> HttpResponse:
    keys = queries.keys(request.tenant)  # type: ignore[attr-defined]  # the middleware's
    if request.GET.get("format") == "csv":
        head = [
            "name",
            "prefix",
            "scopes",
            "created_at",
            "created_by",
            "last_used_at",
            "revoked_at",
        ]
        rows = [
            [
                key.name,
                key.prefix,
                " ".join(key.scopes),
                key.created_at,
                key.created_by,
                key.last_used_at,
                key.revoked_at,
            ]
            for key in keys
        ]
        return csv_response("api-keys.csv", head, rows)
    context = {
        "keys": keys,
        "form": form,
        "scopes": [(str(scope), text) for scope, text in SCOPES.items()],
        "issued": issued,
        # A key for a feed sends to another door, which the page of its feed shows.
        "feeds": issued is not None and any(each.feed for each in keys if each.id == issued.id),
        "events_url": hosts.bare(request, "/api/v1/events"),
    }
    return render_page(request, "tenants/keys.html", context)
