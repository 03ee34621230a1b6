"""Organisation, User and Grant.

A grant names its contract by code and not by a foreign key: identity lies below the contract register. The code is
a contract's one lasting key and appears in every address.
"""

from __future__ import annotations

from functools import cached_property

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from opspact.identity.roles import ADMINISTRATORS, Discipline, Role

contract_code_validator = RegexValidator(
    r"^[a-z0-9][a-z0-9-]{0,39}$", _("A code has small letters, digits and hyphens, at most 40.")
)


class Organisation(models.Model):
    """A party to contracts: client, vendor, carrier, manufacturer …"""

    code = models.SlugField(_("Code"), max_length=40, unique=True)
    name = models.CharField(_("Name"), max_length=120)

    class Meta:
        ordering = ["code"]
        verbose_name = _("Organisation")

    def __str__(self) -> str:
        return self.name


class UserManager(BaseUserManager["User"]):
    def create_user(self, username: str, password: str | None = None, **fields: object) -> User:
        user = self.model(username=username, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(username=username)


class User(AbstractBaseUser):
    """A person who signs in. Never deleted and the name never reused (GB/T 22239-2019 8.1.4.1 a): only deactivated."""

    username = models.CharField(
        _("User name"),
        max_length=60,
        unique=True,
        validators=[RegexValidator(r"^[\w.@-]+$", _("Letters, digits and . @ - _ only."))],
    )
    name = models.CharField(_("Full name"), max_length=60)
    email = models.EmailField(_("E-mail"), blank=True)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="people", verbose_name=_("Organisation")
    )
    is_active = models.BooleanField(_("Active"), default=True)
    must_change_password = models.BooleanField(_("Must change the password"), default=False)
    password_set_at = models.DateTimeField(_("Password set at"), null=True, blank=True)
    created_at = models.DateTimeField(_("Created at"), auto_now_add=True)
    theme = models.CharField(max_length=8, default="auto", editable=False)

    # The permissions left to a person who comes with an API token; None is no limit. Set for one request, never stored.
    permission_limit: frozenset[str] | None = None

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]
    objects = UserManager()

    class Meta:
        ordering = ["username"]
        verbose_name = _("User")

    def __str__(self) -> str:
        return self.name or self.username

    @cached_property
    def grants_now(self) -> list[Grant]:
        """This person's grants, read once per request."""
        return list(self.grants.all()) if self.is_active else []

    def roles_in(self, contract_code: str) -> frozenset[Role]:
        """The roles held in that contract; "" asks for those that concern the installation."""
        return self._roles.get(contract_code, frozenset())

    @cached_property
    def _roles(self) -> dict[str, frozenset[Role]]:
        """By contract: a page asks some sixty times."""
        found: dict[str, set[Role]] = {}
        for grant in self.grants_now:
            found.setdefault(grant.contract_code, set()).add(Role(grant.role))
        return {code: frozenset(roles) for code, roles in found.items()}

    @property
    def contract_codes(self) -> list[str]:
        return sorted(code for code in self._roles if code)


class Grant(models.Model):
    """A role that a user holds in one contract or, for the three administrators, in the installation."""

    user = models.ForeignKey(User, models.CASCADE, related_name="grants", verbose_name=_("User"))
    role = models.CharField(_("Role"), max_length=30, choices=Role.choices)
    contract_code = models.CharField(
        _("Contract"), max_length=40, blank=True, default="", validators=[contract_code_validator]
    )
    discipline = models.CharField(_("Discipline"), max_length=20, choices=Discipline.choices, blank=True, default="")

    class Meta:
        verbose_name = _("Grant")
        constraints = [
            models.UniqueConstraint(fields=["user", "role", "contract_code", "discipline"], name="grant_once"),
            models.UniqueConstraint(
                fields=["user"], condition=models.Q(role__in=sorted(ADMINISTRATORS)), name="grant_one_administration"
            ),
            models.CheckConstraint(
                condition=models.Q(role__in=sorted(ADMINISTRATORS), contract_code="")
                | (~models.Q(role__in=sorted(ADMINISTRATORS)) & ~models.Q(contract_code="")),
                name="grant_administrators_hold_no_contract",
            ),
        ]
        indexes = [models.Index(fields=["contract_code", "role"])]

    def __str__(self) -> str:
        return " ".join(filter(None, (self.user.username, self.role, self.contract_code, self.discipline)))
