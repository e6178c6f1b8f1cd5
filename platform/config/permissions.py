"""docs/permissions.md: which role may do what, and what each door asks for, as the code says."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver

from tenants.contracts import PERMISSIONS, Permission, Role, Scope

# Doors of a tenant's host that ask nobody: they lead in and out.
OPEN = {
    "session-begin": "gives the browser a value to be known by",
    "session-start": "redeems a log-in's token",
    "session-end": "ends the visitor's own session",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """A route of a tenant's host; it asks for a permission, for "member", or ("") for nothing.

    ``asks_to_post`` is what it takes to change something there, where that is more.
    """

    path: str
    name: str
    asks: str
    asks_to_post: str = ""

    def opens(self, role: Role, method: str = "get") -> bool:
        """Whether a member of ``role`` gets through."""
        asked = {self.asks, self.asks_to_post if method == "post" else ""} - {"", "member"}
        return all(Permission(each) in PERMISSIONS[role] for each in asked)


def doors(urlconf: str | None = None) -> list[Door]:
    """The pages and acts of a tenant's host: an advertiser's, or those of another ``urlconf``."""
    found = [
        Door(
            path=f"/{path}",
            name=view.name or "",
            asks=getattr(view.callback, "asks", ""),
            asks_to_post=getattr(view.callback, "asks_to_post", ""),
        )
        for path, view in _below(get_resolver(urlconf or settings.ROOT_URLCONF).url_patterns, "")
        if not _of_the_api(path)
    ]
    return sorted(found, key=lambda door: door.path)


def gates() -> list[tuple[str, str]]:
    """The API's routes with the scope each asks for; empty for what is open to all."""
    found = []
    for path, view in _below(get_resolver(settings.ROOT_URLCONF).url_patterns, ""):
        cls = getattr(view.callback, "cls", None) or getattr(view.callback, "view_class", None)
        if path.startswith(("api/v1/", "v1/")) and cls is not None:
            found.append((f"/{path}", _scope(cls)))
    return sorted(found)


def _scope(view: type) -> str:
    """The scope a view asks for; one that decides by method reads and changes."""
    declared = getattr(view, "scope", Scope.READ)
    if isinstance(declared, property):
        return f"{Scope.READ}; to change {Scope.ADMIN}"
    return str(declared)


def render() -> str:
    """The document."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    from config.documents import MARK

    yield from ("# Permissions", "", MARK, "")
    yield "What a role may do. A page or act names the permission it asks for."
    yield ""
    yield f"| permission | {' | '.join(Role)} |"
    yield f"| --- |{' --- |' * len(Role)}"
    for permission in Permission:
        marks = ("✓" if permission in PERMISSIONS[role] else "" for role in Role)
        yield f"| `{permission}` | {' | '.join(marks)} |"
    shared = doors()
    own = [door for door in doors(settings.REGULATOR_URLCONF) if door not in shared]
    yield from _table("Pages and acts", shared)
    yield from _table("Pages and acts of a regulator's own", own)
    yield from ("", "## The API", "")
    yield "A key has scopes; `admin` includes the others, but `feed` is of keys for one feed alone."
    yield from ("", "| route | scope |", "| --- | --- |")
    yield from (f"| `{path}` | `{scope}` |" for path, scope in gates())


def _table(title: str, shown: list[Door]) -> Iterator[str]:
    yield from ("", f"## {title}", "")
    yield f"| door | asks for | {' | '.join(Role)} |"
    yield f"| --- | --- |{' --- |' * len(Role)}"
    for door in shown:
        marks = ("✓" if door.opens(role) else "" for role in Role)
        asks = f"`{door.asks}`" if door.asks else OPEN.get(door.name, "nothing")
        if door.asks_to_post:
            asks += f"; to change `{door.asks_to_post}`"
        yield f"| `{door.path}` | {asks} | {' | '.join(marks)} |"


def _of_the_api(path: str) -> bool:
    return path.startswith(("api/", "v1/", "^(?:api", "healthz", "readyz", "metrics"))


def _below(
    patterns: list[URLPattern | URLResolver], before: str
) -> Iterator[tuple[str, URLPattern]]:
    for each in patterns:
        path = before + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from _below(each.url_patterns, path)
        else:
            yield path, each
