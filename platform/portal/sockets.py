"""Open pages of a tenant as a group: members with a permission join, and get what is sent to it."""

from typing import ClassVar

from channels.generic.websocket import AsyncJsonWebsocketConsumer

FORBIDDEN = 4403


class MemberConsumer(AsyncJsonWebsocketConsumer):  # type: ignore[misc]  # untyped library
    """A member's open page, in the group ``<topic>.<schema>`` of its tenant."""

    permission: ClassVar[str]
    topic: ClassVar[str]
    schema: str | None = None

    @classmethod
    def group(cls, schema: str) -> str:
        """The channel group of a tenant's open pages."""
        return f"{cls.topic}.{schema}"

    async def connect(self) -> None:
        """Let members in who have the permission; the socket middleware found out who they are."""
        tenant = self.scope.get("tenant")
        if tenant is None or self.permission not in self.scope.get("permissions", ()):
            await self.close(code=FORBIDDEN)
            return
        self.schema = tenant.schema_name
        await self.channel_layer.group_add(self.group(tenant.schema_name), self.channel_name)
        await self.entered()
        await self.accept()

    async def entered(self) -> None:
        """Whatever else somebody being there means."""

    async def disconnect(self, code: int) -> None:
        """Leave the group."""
        if self.schema is not None:
            await self.channel_layer.group_discard(self.group(self.schema), self.channel_name)
