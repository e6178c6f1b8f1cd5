"""The public schema's tables: tenants and their domains, users, memberships, API keys."""

import secrets
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django_tenants.models import DomainMixin, TenantMixin

from tenants.contracts import Kind, Role


def new_secret() -> bytes:
    """32 random bytes: the key of a tenant's pseudonyms."""
    return secrets.token_bytes(32)


class Tenant(TenantMixin):  # type: ignore[misc]  # the library is untyped
    """One organisation; its data lives in the schema ``schema_name``."""

    slug = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=20, choices=[(kind, kind.title()) for kind in Kind])
    currency = models.CharField(max_length=3, default="EUR")
    lookback_days = models.PositiveSmallIntegerField(default=30)
    # The tenant's sites, which refer nobody to each other: lower-case host names, in order.
    own_hosts = models.JSONField(default=list, blank=True)
    plan = models.CharField(max_length=20, blank=True)  # the deployment's default when blank
    # Members get in with a second factor only.
    require_second_factor = models.BooleanField(default=False)
    secret = models.BinaryField(max_length=32, default=new_secret)
    created_at = models.DateTimeField()
    # Set once the schema is migrated and granted: a tenant without it is not routed to.
    provisioned_at = models.DateTimeField(null=True, blank=True)

    # How often somebody was erased: processes forget the keys they remember when it grows.
    erasures = models.PositiveIntegerField(default=0)

    auto_create_schema = False
    auto_drop_schema = False

    def __str__(self) -> str:
        return self.slug


class Domain(DomainMixin):  # type: ignore[misc]  # the library is untyped
    """A host name of a tenant, without port: ``<slug>.<base domain>``."""


class Users(BaseUserManager["User"]):
    """Creation of users with a hashed password and a normalised address."""

    def create_user(self, *, email: str, password: str, name: str = "") -> "User":
        """A user who can log in; e-mail addresses are compared in lower case."""
        user = self.model(email=email.strip().lower(), name=name.strip())
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        """Log-in looks the address up as it is stored: in lower case."""
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser):
    """A person: one log-in for all tenants the person is a member of."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120, blank=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = Users()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    def __str__(self) -> str:
        return self.email


class Membership(models.Model):
    """A person's role in a tenant."""

    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=20, choices=[(role, role.title()) for role in Role])
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["tenant", "user"], name="one_role_per_tenant")
        ]

    def __str__(self) -> str:
        return f"{self.user} as {self.role} of {self.tenant}"


class ApiKey(models.Model):
    """A key: public prefix and SHA-256 of its secret (random enough to need no slow hash)."""

    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="api_keys")
    name = models.CharField(max_length=80)
    prefix = models.CharField(max_length=8, unique=True)
    digest = models.BinaryField(max_length=32)
    scopes = models.JSONField(default=list)
    # The feed a key of scope "feed" is bound to; empty for all others.
    feed = models.CharField(max_length=40, blank=True, default="", db_default="")
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=254, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.prefix} ({self.name})"


class Invitation(models.Model):
    """A join link: whoever holds its token (hash kept here) may become a member, once."""

    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField(blank=True)  # when given, only this address may use the link
    role = models.CharField(max_length=20, choices=[(role, role.title()) for role in Role])
    digest = models.BinaryField(max_length=32, unique=True)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=254)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.role} of {self.tenant}"


class Mail(models.Model):
    """A letter to a person: its content sealed while it waits, gone once it was sent."""

    kind = models.CharField(max_length=30)
    sealed = models.BinaryField()
    invitation = models.ForeignKey(
        Invitation, null=True, on_delete=models.CASCADE, related_name="letters"
    )
    created_at = models.DateTimeField()
    next_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    failure = models.CharField(max_length=120, blank=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["next_at"],
                name="mail_waiting",
                condition=models.Q(sent_at=None, failed_at=None),
            )
        ]

    def __str__(self) -> str:
        return f"letter {self.pk} ({self.kind})"


class UsageDay(models.Model):
    """How much of something a tenant had on a day: events of a type, requests, refusals."""

    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="usage")
    day = models.DateField()
    name = models.CharField(max_length=200)
    amount = models.BigIntegerField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["tenant", "day", "name"], name="one_amount_per_day")
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.name} on {self.day}"


class UsageTaken(models.Model):
    """A heap of counts that is in the rows already."""

    name = models.CharField(max_length=200, primary_key=True)
    taken_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name


class UsageNotice(models.Model):
    """The owners were told that a share of the month's events was reached."""

    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="usage_notices")
    month = models.CharField(max_length=7)
    percent = models.PositiveSmallIntegerField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["tenant", "month", "percent"], name="told_once")
        ]

    def __str__(self) -> str:
        return f"{self.percent} % of {self.month}"


class SignIn(models.Model):
    """A log-in at the bare host, as its owner sees it; it lives as long as its session."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sign_ins")
    session_key = models.CharField(max_length=40, unique=True)
    device = models.CharField(max_length=60)
    origin = models.CharField(max_length=50, blank=True)
    created_at = models.DateTimeField()
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.device} since {self.created_at:%Y-%m-%d}"


class SecondFactor(models.Model):
    """The seed of a person's one-time codes, sealed; ``last_step`` is the newest one used."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, primary_key=True)
    sealed = models.BinaryField(default=bytes)
    confirmed_at = models.DateTimeField(null=True)
    last_step = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"second factor of {self.user}"


class RecoveryCode(models.Model):
    """The hash of a code that stands in for the second factor once."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="recovery_codes")
    digest = models.BinaryField(max_length=32)
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"recovery code of {self.user}"
