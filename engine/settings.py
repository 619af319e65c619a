"""Settings: one frozen value, read once from the environment and passed down."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from email.utils import parseaddr
from pathlib import Path
from typing import Any, get_type_hints
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from engine.errors import Invalid

PREFIX = "LIANSHEN_"
#: with STARTTLS, with TLS from the start, with neither
SMTP_SCHEMES = ("smtp", "smtps", "smtp+plain")


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting with its default; the variable is LIANSHEN_ and the name in capitals."""

    #: the database: a SQLAlchemy URL of SQLite or PostgreSQL
    database_url: str = "sqlite:///var/lianshen.db"
    #: signs session cookies; made and kept in the data folder where not set
    secret_key: str = ""
    #: the time zone of dates and deadlines
    timezone: str = "Asia/Shanghai"
    #: where generated secrets and attachments on disk are kept
    data_dir: Path = Path("var")
    #: the city's diagrams and catalogue
    bpmn_dir: Path = Path(__file__).parent.parent / "bpmn"
    #: SQLite's `synchronous`: FULL survives a power cut, NORMAL a crash of the process
    sqlite_synchronous: str = "FULL"
    #: where attachments are stored: `disk` or `database`
    attachment_store: str = "disk"
    #: largest attachment, in bytes
    attachment_max_bytes: int = 20_000_000
    #: content types an attachment may have, separated by commas
    attachment_types: str = (
        "application/pdf,image/png,image/jpeg,text/plain,text/csv,application/zip,"
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document,"
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    )
    #: what the public codes of projects begin with
    code_prefix: str = "LS"
    #: largest diagram, in bytes
    bpmn_max_bytes: int = 2_000_000
    #: largest event log, in bytes, as it is sent and unpacked
    event_log_max_bytes: int = 100_000_000
    #: most events a log may have
    event_log_max_events: int = 500_000
    #: largest JSON request, in bytes
    request_max_bytes: int = 1_000_000
    #: seconds between two sweeps of the scheduler
    sweep_seconds: int = 30
    #: processes that play one run of the simulation; 0 for one less than the machine has cores
    simulation_processes: int = 0
    #: hours a login session lasts
    session_hours: int = 12
    #: server threads
    threads: int = 8
    #: where mail goes out: smtp://user:password@host:587, smtps, smtp+plain; empty for nowhere
    smtp_url: str = ""
    #: the sender of mail, an address or `Name <address>`
    mail_from: str = "lianshen@localhost"
    #: where people reach the service, for links in mail and calendars
    public_url: str = "http://127.0.0.1:8080"

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> Settings:
        """Read the settings of an environment; what is not set has its default.

        Raises Invalid naming the variable whose value cannot be read.
        """
        source = os.environ if environ is None else environ
        hints = get_type_hints(cls)
        given = {f.name: source.get(PREFIX + f.name.upper()) for f in fields(cls)}
        values = {
            name: converted(name, hints[name], value) for name, value in given.items() if value
        }
        settings = cls(**values)
        settings.check()
        return settings

    def check(self) -> None:
        """Refuse values that are not among those offered. Raises Invalid."""
        offered = {
            "sqlite_synchronous": {"FULL", "NORMAL"},
            "attachment_store": {"disk", "database"},
        }
        for name, values in offered.items():
            if getattr(self, name) not in values:
                raise Invalid(f"{PREFIX}{name.upper()} must be one of {', '.join(sorted(values))}")
        if self.smtp_url and urlsplit(self.smtp_url).scheme not in SMTP_SCHEMES:
            schemes = ", ".join(SMTP_SCHEMES)
            raise Invalid(f"{PREFIX}SMTP_URL must begin with one of {schemes}, then ://host")
        if not parseaddr(self.mail_from)[1]:
            raise Invalid(f"{PREFIX}MAIL_FROM: {self.mail_from!r} is no address")
        try:
            ZoneInfo(self.timezone)
        except (KeyError, ValueError) as error:
            raise Invalid(f"{PREFIX}TIMEZONE: {self.timezone!r} is no time zone") from error

    @property
    def zone(self) -> ZoneInfo:
        """The time zone as an object."""
        return ZoneInfo(self.timezone)


def converted(name: str, kind: Any, value: str) -> Any:
    """Return a variable's text as the kind of its setting."""
    if kind is int and not value.isdigit():
        raise Invalid(f"{PREFIX}{name.upper()} must be a whole number, not {value!r}")
    return kind(value)
