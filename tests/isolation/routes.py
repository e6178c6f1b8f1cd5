"""Every route of all URL confs, found by walking the resolver, with sample arguments filled in."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RegexPattern, RoutePattern

# What each parameter stands for; the fixture ``samples`` knows acme's own.
PARAMETERS = {
    "alert_id",
    "anomaly",
    "case_id",
    "channel",
    "decision",
    "currency",
    "day",
    "digest",
    "dossier_id",
    "event_id",
    "forecast_id",
    "id",
    "import_id",
    "invitation_id",
    "job_id",
    "key_id",
    "member_id",
    "operator",
    "person",
    "request_id",
    "ring",
    "route_id",
    "rule_id",
    "size",
    "sign_in_id",
    "slug",
    "subject",
    "token",
    "uidb64",
}
# A pattern written as a regular expression can't be filled in by rule: here is a path it matches.
WRITTEN_OUT = {"^(?:api|v1)/": "api/nothing-here"}


@dataclass(frozen=True)
class Route:
    """A path template like ``settings/keys/{key_id}/rotate/`` and the parameters in it."""

    host: str  # "tenant" (an advertiser's), "regulator" or "bare"
    template: str
    parameters: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.host}:/{self.template}"

    def path(self, samples: dict[str, object]) -> str:
        """The route's path with acme's own things in it."""
        return "/" + self.template.format(**{name: samples[name] for name in self.parameters})

    @property
    def is_api(self) -> bool:
        """Whether a key, not a session, is asked for."""
        return self.template.startswith(("api/", "v1/"))


def walk() -> list[Route]:
    """All routes; the API's, which all confs share, once."""
    found: dict[str, Route] = {}
    for host, conf in (
        ("tenant", settings.ROOT_URLCONF),
        ("regulator", settings.REGULATOR_URLCONF),
        ("bare", settings.PUBLIC_SCHEMA_URLCONF),
    ):
        for template, parameters in _below(get_resolver(conf).url_patterns, ""):
            route = Route(host, template, parameters)
            if not (route.is_api and template in found):
                found[str(route) if not route.is_api else template] = route
    return sorted(found.values(), key=str)


def _below(patterns, before: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    for each in patterns:
        template = before + _template(each)
        if isinstance(each, URLResolver):
            yield from _below(each.url_patterns, template)
        elif isinstance(each, URLPattern):
            yield template, _names(template)


def _template(each: URLPattern | URLResolver) -> str:
    pattern = each.pattern
    if isinstance(pattern, RegexPattern):
        return WRITTEN_OUT[pattern._regex]
    assert isinstance(pattern, RoutePattern)
    text = str(pattern)
    for name in pattern.converters:
        start = text.index("<")
        text = f"{text[:start]}{{{name}}}{text[text.index('>') + 1 :]}"
    return text


def _names(template: str) -> tuple[str, ...]:
    return tuple(part.split("}")[0] for part in template.split("{")[1:])
