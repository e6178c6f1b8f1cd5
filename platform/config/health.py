"""Is it alive, is it ready, how is it doing: the three questions of those who run it."""

from dataclasses import dataclass

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django_tenants.utils import get_tenant_model, tenant_context

from eventlog import subscriptions
from eventlog.tenancy import deactivate

LAG_LIMIT_SECONDS = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One thing the product depends on: whether it works, and a sentence when it does not."""

    name: str
    ok: bool
    detail: str


def alive(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return JsonResponse({"status": "ok"})


def ready(request: HttpRequest) -> HttpResponse:
    """Database, Redis and projections; 503 when one is gone or stands still."""
    parts = [_database(), _redis()]
    if parts[0].ok:
        parts.append(_projections())
    fine = all(part.ok for part in parts)
    body = {
        "status": "ok" if fine else "degraded",
        "parts": {part.name: {"ok": part.ok, "detail": part.detail} for part in parts},
    }
    return JsonResponse(body, status=200 if fine else 503)


def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus text: how far each projection is behind, over all tenants."""
    worst = _lags()
    out = [
        "# HELP touchstone_projection_lag_seconds Age of the oldest event not yet applied.",
        "# TYPE touchstone_projection_lag_seconds gauge",
    ]
    out += [
        f'touchstone_projection_lag_seconds{{projection="{name}"}} {seconds:.3f}'
        for name, seconds in sorted(worst.items())
    ]
    return HttpResponse("\n".join(out) + "\n", content_type="text/plain; version=0.0.4")


def _database() -> Part:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return Part(name="database", ok=False, detail="The database does not answer.")
    return Part(name="database", ok=True, detail="")


def _redis() -> Part:
    try:
        with redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2) as client:
            client.ping()
    except redis.RedisError:
        return Part(name="redis", ok=False, detail="Redis does not answer.")
    return Part(name="redis", ok=True, detail="")


def _projections() -> Part:
    late = [name for name, seconds in _lags().items() if seconds > LAG_LIMIT_SECONDS]
    detail = f"More than a minute behind: {', '.join(late)}." if late else ""
    return Part(name="projections", ok=not late, detail=detail)


def _lags() -> dict[str, float]:
    """The worst lag in seconds of each projection over all tenants; no tenant is named."""
    worst = dict.fromkeys(subscriptions.names(), 0.0)
    deactivate()
    for tenant in get_tenant_model().objects.exclude(provisioned_at=None):
        with tenant_context(tenant):
            for lag in subscriptions.lags():
                worst[lag.name] = max(worst[lag.name], lag.seconds)
    return worst
