"""Users and their tokens."""

from __future__ import annotations

import secrets
import sys
from datetime import timedelta
from typing import Any

import click

from api.commands.database import working
from api.output import formatted, show
from engine.service import identity, passwords, tokens
from engine.service.work import ROLES


@click.group()
def user() -> None:
    """Add users, and give them new passwords."""


@user.command("add")
@click.argument("name")
@click.option(
    "--role",
    "roles",
    multiple=True,
    required=True,
    type=click.Choice(ROLES),
    help="May be repeated.",
)
@click.option("--department", default="", help="Binds the roles to a department, such as LAND.")
@click.option("--display-name", default="", help="The name that people read.")
@click.option("--email", default="", help="Where their mail goes.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@formatted
def add(
    name: str,
    roles: tuple[str, ...],
    department: str,
    display_name: str,
    email: str,
    style: str,
    *,
    password_stdin: bool,
) -> None:
    """Add the user NAME. Without --password-stdin a password is made and shown, this once."""
    password = chosen(from_stdin=password_stdin)
    password_hash = passwords.hashed(password, name)
    with working() as work:
        view = identity.create(
            work,
            name,
            display_name=display_name,
            email=email,
            password_hash=password_hash,
            roles={(role, department) for role in roles},
        )
    shown: dict[str, Any] = {"id": view.id, "name": view.name, "roles": view.roles}
    show(shown if password_stdin else {**shown, "password": password}, style, added)


@user.command("email")
@click.argument("name")
@click.argument("address", default="")
def email_of(name: str, address: str) -> None:
    """Let mail for the user NAME go to ADDRESS; without one, nowhere."""
    with working() as work:
        owner = identity.named(work, name)
        identity.change(work, owner.id, {"email": address})
    click.echo(address or "no mail goes to them any more")


@user.command("password")
@click.argument("name")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
def password(name: str, *, password_stdin: bool) -> None:
    """Give the user NAME a new password; where none is read, one is made and shown, this once.

    It ends their login sessions.
    """
    word = chosen(from_stdin=password_stdin)
    password_hash = passwords.hashed(word, name)
    with working() as work:
        owner = identity.named(work, name)
        identity.change(work, owner.id, {"password_hash": password_hash})
    click.echo("the password is changed" if password_stdin else word)


def chosen(*, from_stdin: bool) -> str:
    """Return the password on standard input, or a new one."""
    return sys.stdin.readline().rstrip("\n") if from_stdin else secrets.token_urlsafe(12)


def added(shown: dict[str, Any]) -> str:
    """Return a new user as people read it."""
    roles = ", ".join(f"{each.role} {each.department}".strip() for each in shown["roles"])
    lines = [f"{shown['name']}: {roles}"]
    if "password" in shown:
        lines.append(f"password, shown this once: {shown['password']}")
    return "\n".join(lines)


@click.group()
def token() -> None:
    """Make access tokens."""


@token.command("create")
@click.argument("name")
@click.option("--label", default="command line", show_default=True, help="What it is for.")
@click.option("--days", type=click.IntRange(min=1), help="How long it works; without it, always.")
def create(name: str, label: str, days: int | None) -> None:
    """Make a token for the user NAME and print it, alone. It cannot be shown again."""
    with working() as work:
        owner = identity.named(work, name)
        expires_at = work.now + timedelta(days=days) if days else None
        made = tokens.create(work, owner.id, label, expires_at)
    click.echo(made.token)
