"""Settings: the team, its roles, and join links."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from kernel import clock
from kernel.errors import InvalidInput
from portal.pages import page, render_page
from portal.tables import csv_response
from tenants import address, commands, links, queries
from tenants.contracts import Permission
from tenants.forms import ROLES, InviteForm, RoleForm
from tenants.pages import hosts


@never_cache
@require_http_methods(["GET", "POST"])
@page(Permission.MANAGE_TEAM)
def index(request: HttpRequest) -> HttpResponse:
    """The members, and inviting: by letter, or with a link that is in this one answer alone.

    A link that was sent to an address is not shown: who holds it is known to read that mail.
    """
    form = InviteForm(request.POST or None)
    link = sent_to = ""
    if request.method == "POST" and form.is_valid():
        try:
            token = commands.invite(
                tenant=request.tenant,  # type: ignore[attr-defined]  # the middleware's
                actor=request.user,  # type: ignore[arg-type]  # a member
                email=form.cleaned_data["email"],
                role=form.chosen(),
                now=clock.now(),
                origin=address.short(request),
                letter_at=hosts.mailed(request, f"/join/{links.PLACE}/"),
            )
        except (commands.AlreadyMember, commands.SeatsTaken) as error:
            form.add_error("email", error.detail)
        else:
            if form.cleaned_data["email"] and settings.MAIL_LEAVES:
                sent_to = form.cleaned_data["email"]
            else:
                link = hosts.bare(request, f"/join/{token}/")
            form = InviteForm()
    return _shown(request, form, {"link": link, "sent_to": sent_to})


@require_POST
@page(Permission.MANAGE_TEAM)
def change_role(request: HttpRequest, member_id: int) -> HttpResponse:
    """Give a member another role."""
    form = RoleForm(request.POST)
    if not form.is_valid():
        raise InvalidInput("There is no such role.")
    commands.change_role(
        tenant=request.tenant,  # type: ignore[attr-defined]  # the middleware's
        actor=request.user,  # type: ignore[arg-type]  # a member
        member_id=member_id,
        role=form.chosen(),
        now=clock.now(),
        origin=address.short(request),
    )
    return redirect("team")


@require_POST
@page(Permission.MANAGE_TEAM)
def remove(request: HttpRequest, member_id: int) -> HttpResponse:
    """Take a member's access away."""
    commands.remove_member(
        tenant=request.tenant,  # type: ignore[attr-defined]  # the middleware's
        actor=request.user,  # type: ignore[arg-type]  # a member
        member_id=member_id,
        now=clock.now(),
        origin=address.short(request),
    )
    return redirect("team")


@require_POST
@page(Permission.MANAGE_TEAM)
def withdraw(request: HttpRequest, invitation_id: int) -> HttpResponse:
    """Stop a join link."""
    commands.withdraw_invitation(
        tenant=request.tenant,  # type: ignore[attr-defined]  # the middleware's
        actor=request.user,  # type: ignore[arg-type]  # a member
        invitation_id=invitation_id,
        now=clock.now(),
        origin=address.short(request),
    )
    return redirect("team")


def _shown(request: HttpRequest, form: InviteForm, made: dict[str, str]) -> HttpResponse:
    tenant = request.tenant  # type: ignore[attr-defined]  # the middleware's
    members = queries.members(tenant)
    if request.GET.get("format") == "csv":
        rows = [[m.name, m.email, str(m.role), m.joined_at, m.last_login] for m in members]
        return csv_response("team.csv", ["name", "email", "role", "joined_at", "last_login"], rows)
    context = {
        "members": members,
        "invitations": queries.invitations(tenant, now=clock.now()),
        "form": form,
        "mail_leaves": settings.MAIL_LEAVES,
        **made,
        "roles": [(str(role), role.title(), text) for role, text in ROLES.items()],
    }
    return render_page(request, "tenants/team.html", context)
