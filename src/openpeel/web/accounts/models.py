"""People, the organisations they belong to, and the roles they hold there."""

from __future__ import annotations

import uuid
from functools import cached_property
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from openpeel.reference.forces import Force, find_force
from openpeel.web.accounts.permissions import SIGNED_IN, Kind, Permission, Reach, Role


class Organisation(models.Model):
    """The inspectorate, a force or a police and crime commissioner. `force` is a code, blank for the inspectorate."""

    kind = models.CharField(max_length=20, choices=[(k.name, k.value) for k in Kind])
    name = models.CharField(max_length=100, unique=True)
    force = models.CharField(max_length=9, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "force"], name="one_organisation_of_a_kind_for_a_force"),
        ]
        ordering: ClassVar = ["kind", "name"]

    def __str__(self) -> str:
        return self.name

    @property
    def known_force(self) -> Force | None:
        """The force that it is, or whose commissioner it is."""
        return find_force(self.force) if self.force else None

    @property
    def roles(self) -> tuple[Role, ...]:
        """The roles that can be held in it."""
        return tuple(role for role in Role if role.kind is Kind[self.kind])


class People(BaseUserManager["Person"]):
    """Makes people. Only `accounts/actions.py` and tests do."""

    def create_user(self, email: str, name: str, organisation: Organisation, password: str) -> Person:
        """A person who can sign in with this password."""
        person = self.model(email=email.strip().casefold(), name=name, organisation=organisation)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def get_by_natural_key(self, username: str | None) -> Person:
        """The person of an e-mail address, however it is capitalised."""
        return self.get(email=(username or "").strip().casefold())


class Person(AbstractBaseUser):
    """Somebody who can sign in, by e-mail address and password."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=100)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="people")
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[People] = People()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    # Django's own permissions are not used: `permissions.py` is the one place.
    is_staff = False
    is_superuser = False

    def __str__(self) -> str:
        return f"person {self.key}"  # never a name: it may reach a log

    @cached_property
    def roles(self) -> frozenset[Role]:
        """The roles that the person holds now."""
        return frozenset(Role(held.role) for held in self.held.all())

    @property
    def force(self) -> str:
        """The code of the force that the person works for, or whose commissioner; blank at the inspectorate."""
        return self.organisation.force

    @property
    def needs_second_factor(self) -> bool:
        """Whether one of the roles is of no use without."""
        return any(role.needs_second_factor for role in self.roles)

    def has_verified(self) -> bool:
        """Whether a second factor was given at this signing in; true where none is needed."""
        verified: Any = getattr(self, "is_verified", None)
        return not self.needs_second_factor or bool(verified and verified())

    @cached_property
    def permissions(self) -> frozenset[Permission]:
        """What the roles let the person do. Only what anybody may, before a second factor that is needed."""
        if not self.is_active:
            return frozenset()
        return (
            SIGNED_IN.union(*(role.permissions for role in self.roles)) if self.has_verified() else SIGNED_IN
        )

    def may(self, permission: Permission, force: str | None = None) -> bool:
        """Whether the person may do that at all or, with a force (its code), to what is the force's."""
        if permission not in self.permissions:
            return False
        return force is None or permission.reach is not Reach.OWN_FORCE or force == self.force


class RoleHeld(models.Model):
    """A role that a person holds in their organisation."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="held")
    role = models.CharField(max_length=20, choices=[(r.value, r.value) for r in Role])
    given_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "role"], name="a_role_is_held_once")
        ]

    def __str__(self) -> str:
        return f"{self.role} of {self.person}"
