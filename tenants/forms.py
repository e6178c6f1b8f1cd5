"""What people type: log-in, person, organisation, key, invitation."""

from typing import Any

from django import forms
from django.contrib.auth import password_validation
from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import ValidationError

from kernel import clock
from tenants import queries, signins, throttle
from tenants.address import of as client_address
from tenants.address import shortened
from tenants.contracts import Kind, Role, Scope
from tenants.models import User
from tenants.rules import CURRENCIES, BadHost, own_hosts

KINDS = {
    Kind.ADVERTISER: "Which channels bring customers, what they cost, what they are worth.",
    Kind.REGULATOR: "Operators' returns and feeds, held against each other and kept as evidence.",
}
ROLES = {
    Role.OWNER: "everything, keys and team included",
    Role.EXECUTIVE: "reads reports",
    Role.MARKETER: "reads reports and events, imports data",
    Role.ANALYST: "reads reports and events, imports data, settles how journeys are cut",
    Role.AUDITOR: "reads reports and events, answers privacy requests",
    Role.OPERATOR: "delivers feeds only",
}
SCOPES = {
    Scope.INGEST: "send events",
    Scope.READ: "read reports and journeys",
    Scope.ADMIN: "everything",
}


class LogInForm(AuthenticationForm):
    """Address and password; too many failures lock the door for a while."""

    error_messages = {  # noqa: RUF012  # Django's attribute
        **AuthenticationForm.error_messages,
        "invalid_login": "Address and password do not fit together.",
    }

    def clean(self) -> dict[str, Any]:
        """Count failures before and after the password is looked at."""
        email = self.cleaned_data.get("username", "")
        address = client_address(self.request) if self.request else ""
        if throttle.blocked(email=email, address=address):
            raise ValidationError(
                "Too many failed tries. Wait a quarter of an hour.", code="too_many_tries"
            )
        try:
            cleaned: dict[str, Any] = super().clean()
        except ValidationError:
            if throttle.note_failure(email=email, address=address):
                origin = shortened(address)
                signins.note_failures(email=email, origin=origin, now=clock.now())
            raise
        throttle.forgive(email=email)
        return cleaned


class AddressForm(forms.Form):
    """An e-mail address to write to; what is there is not looked at."""

    email = forms.EmailField(
        label="E-mail", widget=forms.EmailInput(attrs={"autocomplete": "username"})
    )

    def address(self) -> str:
        """The address, as accounts are stored."""
        return str(self.cleaned_data["email"]).strip().lower()


class CodeForm(forms.Form):
    """A one-time code, or a recovery code."""

    code = forms.CharField(
        max_length=40,
        label="Code",
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )


class OwnPasswordForm(forms.Form):
    """The present password, before something of the account is changed."""

    password = forms.CharField(
        label="Your password",
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, user: User, address: str, *args: Any, **kwargs: Any) -> None:
        self.user, self.address = user, address
        super().__init__(*args, **kwargs)

    def clean_password(self) -> str:
        """It must be the right one; guessing is slowed down as at the log-in."""
        who = {"email": self.user.email, "address": self.address}
        if throttle.blocked(**who):
            raise ValidationError("Too many failed tries. Wait a quarter of an hour.")
        password = str(self.cleaned_data["password"])
        if not self.user.check_password(password):
            throttle.note_failure(**who)
            raise ValidationError("This is not your password.")
        return password


class EnrolForm(OwnPasswordForm, CodeForm):
    """Password and first code: the second factor works from then on."""

    field_order = ("code", "password")


class NewPasswordForm(forms.Form):
    """A new password, typed once: who mistypes it asks for another letter."""

    password = forms.CharField(
        label="New password",
        strip=False,
        max_length=200,
        help_text="At least 8 characters, not only digits, not a common password.",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        self.user = user
        super().__init__(*args, **kwargs)

    def clean_password(self) -> str:
        """The password must hold against the person's own data too."""
        password = str(self.cleaned_data["password"])
        password_validation.validate_password(password, self.user)
        return password

    def save(self) -> User:
        """Keep it; the interface of Django's page."""
        self.user.set_password(self.cleaned_data["password"])
        self.user.save(update_fields=["password"])
        return self.user


class PersonForm(forms.Form):
    """A new account."""

    name = forms.CharField(
        max_length=120,
        label="Your name",
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label="E-mail", widget=forms.EmailInput(attrs={"autocomplete": "username"})
    )
    password = forms.CharField(
        label="Password",
        strip=False,
        max_length=200,
        help_text="At least 8 characters, not only digits, not a common password.",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean_email(self) -> str:
        """An address has one account."""
        email = str(self.cleaned_data["email"]).strip().lower()
        if User.objects.filter(email=email).exists():
            raise ValidationError("There is an account with this address: log in first.")
        return email

    def clean(self) -> dict[str, Any]:
        """The password must hold against the person's own data too."""
        cleaned = super().clean() or {}
        if password := cleaned.get("password"):
            person = User(email=cleaned.get("email", ""), name=cleaned.get("name", ""))
            try:
                password_validation.validate_password(password, person)
            except ValidationError as error:
                self.add_error("password", error)
        return cleaned


class OrganisationForm(forms.Form):
    """A new tenant."""

    kind = forms.ChoiceField(
        choices=[(str(kind), kind.title()) for kind in Kind],
        initial=str(Kind.ADVERTISER),
        widget=forms.RadioSelect,
    )
    organisation = forms.CharField(
        max_length=120,
        label="Organisation",
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    slug = forms.CharField(max_length=32, label="Address")
    currency = forms.ChoiceField(choices=[(code, code) for code in CURRENCIES], initial="EUR")

    def clean_slug(self) -> str:
        """Say at once when the address can't be had."""
        slug = str(self.cleaned_data["slug"]).strip().lower()
        if problem := queries.slug_problem(slug):
            raise ValidationError(problem)
        return slug


class KeyForm(forms.Form):
    """A new API key."""

    name = forms.CharField(max_length=80, label="Name")
    scopes = forms.MultipleChoiceField(
        choices=[(str(scope), f"{scope}: {text}") for scope, text in SCOPES.items()],
        initial=[str(Scope.INGEST), str(Scope.READ)],
        label="May",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one thing the key may do."},
    )

    def chosen(self) -> tuple[Scope, ...]:
        """The scopes chosen."""
        return tuple(Scope(scope) for scope in self.cleaned_data["scopes"])


class OwnSitesForm(forms.Form):
    """The tenant's own hosts, one per line."""

    hosts = forms.CharField(
        required=False,
        max_length=30_000,
        label="Hosts, one per line",
        help_text="Each stands for all below it too: example.com covers shop.example.com.",
        widget=forms.Textarea(
            attrs={
                "rows": 8,
                "spellcheck": "false",
                "autocapitalize": "off",
                "placeholder": "example-blog.com\ncheckout.example.net",
            }
        ),
    )

    def clean_hosts(self) -> tuple[str, ...]:
        """Say which line is no host."""
        try:
            return own_hosts(self.cleaned_data["hosts"].split())
        except BadHost as error:
            raise ValidationError(error.detail) from None

    def chosen(self) -> tuple[str, ...]:
        """The hosts, as they are kept."""
        hosts: tuple[str, ...] = self.cleaned_data["hosts"]
        return hosts


class RoleForm(forms.Form):
    """A role for a member."""

    role = forms.ChoiceField(
        choices=[(str(role), f"{role.title()}: {text}") for role, text in ROLES.items()],
        initial=str(Role.ANALYST),
    )

    def chosen(self) -> Role:
        """The role chosen."""
        return Role(self.cleaned_data["role"])


class InviteForm(RoleForm):
    """A join link."""

    email = forms.EmailField(
        required=False,
        label="E-mail (optional)",
        help_text="We write to this address, and only who reads its mail can join.",
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
