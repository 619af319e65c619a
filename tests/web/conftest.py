"""The pages of a service with the small procedure, a user of every role and a known password."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from argon2 import PasswordHasher

from tests.api.conftest import Service, bare, service
from tests.web.visitor import Visitor

__all__ = ["bare", "service"]

PASSWORD = "correct horse battery"
Enter = Callable[..., Visitor]


@pytest.fixture(scope="session")
def password_hash() -> str:
    """A hash that is checked quickly: its parameters are its own."""
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)


@pytest.fixture
def enter(service: Service, password_hash: str) -> Enter:
    """Returns the visitor that is logged in as a user, in a language."""
    from sqlalchemy import update

    from engine.store import tables
    from engine.store.database import transaction

    def logged_in(name: str = "", language: str = "zh") -> Visitor:
        visitor = Visitor(service.app, language)
        without = tables.user.c.password_hash.is_(None)
        with transaction(service.engine) as db:
            db.execute(update(tables.user).where(without).values(password_hash=password_hash))
        if name:
            visitor.get("/login")
            visitor.send("/login", name=name, password=PASSWORD)
        return visitor

    return logged_in
