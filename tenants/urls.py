"""Pages of a tenant's host: the way in and out, keys, team."""

from django.urls import path

from tenants.pages import audit, keys, security, session, team, usage

urlpatterns = [
    path("session/begin/", session.begin, name="session-begin"),
    path("session/start/", session.start, name="session-start"),
    path("session/end/", session.end, name="session-end"),
    path("settings/keys/", keys.index, name="keys"),
    path("settings/keys/<int:key_id>/rotate/", keys.rotate, name="key-rotate"),
    path("settings/keys/<int:key_id>/revoke/", keys.revoke, name="key-revoke"),
    path("settings/audit/", audit.index, name="audit"),
    path("settings/security/", security.index, name="security"),
    path("settings/usage/", usage.index, name="usage"),
    path("settings/team/", team.index, name="team"),
    path("settings/team/<int:member_id>/role/", team.change_role, name="member-role"),
    path("settings/team/<int:member_id>/remove/", team.remove, name="member-remove"),
    path("settings/team/links/<int:invitation_id>/withdraw/", team.withdraw, name="link-withdraw"),
]
