"""Handing a letter to the mail server (SMTP): how it is reached, and what its answers mean."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from urllib.parse import SplitResult, unquote, urlsplit

from engine.errors import Invalid
from engine.service.access import Row
from engine.settings import PREFIX, Settings

SECONDS = 20
#: by scheme, its usual port
PORTS: Mapping[str, int] = {"smtp": 587, "smtps": 465, "smtp+plain": 25}
#: answers from here on mean that the letter will never be taken
FOR_GOOD = 500


class ServerGone(Exception):
    """The mail server cannot be reached, or does not let us in: no letter is taken just now."""


class LetterRefused(Exception):
    """The mail server refuses one letter; `for_good` where trying again is useless."""

    def __init__(self, message: str, *, for_good: bool) -> None:
        super().__init__(message)
        self.for_good = for_good


@dataclass(frozen=True, slots=True)
class Server:
    """A mail server as the settings name it. `smtp` demands STARTTLS, `smtps` begins with TLS."""

    scheme: str
    host: str
    port: int
    user: str = ""
    password: str = ""

    @classmethod
    def of(cls, url: str) -> Server:
        """Read the setting. Raises Invalid."""
        parts = urlsplit(url)
        if parts.scheme not in PORTS or not parts.hostname:
            text = f"{PREFIX}SMTP_URL must be such as smtp://user:password@host:587"
            raise Invalid(f"{text}; schemes: {', '.join(PORTS)}", field="smtp_url")
        user, password = unquote(parts.username or ""), unquote(parts.password or "")
        return cls(parts.scheme, parts.hostname, port_of(parts), user, password)


def port_of(parts: SplitResult) -> int:
    """Return the port a URL names, or its scheme's. Raises Invalid."""
    try:
        return parts.port or PORTS[parts.scheme]
    except ValueError as error:
        raise Invalid(f"{PREFIX}SMTP_URL: {error}", field="smtp_url") from error


# -- a connection ------------------------------------------------------------------------------


@contextmanager
def connected(server: Server, trust: ssl.SSLContext | None = None) -> Iterator[smtplib.SMTP]:
    """Connect, with TLS verified, and log in. Raises ServerGone."""
    try:
        connection = opened(server, trust or ssl.create_default_context())
    except (smtplib.SMTPException, OSError) as error:
        raise ServerGone(said(error)) from error
    try:
        yield connection
    finally:
        with suppress(smtplib.SMTPException, OSError):
            connection.quit()
        connection.close()


def opened(server: Server, trust: ssl.SSLContext) -> smtplib.SMTP:
    """Return a connection one is logged in on."""
    if server.scheme == "smtps":
        found: smtplib.SMTP = smtplib.SMTP_SSL(
            server.host, server.port, timeout=SECONDS, context=trust
        )
    else:
        found = smtplib.SMTP(server.host, server.port, timeout=SECONDS)
    try:
        if server.scheme == "smtp":
            found.starttls(context=trust)
        if server.user:
            found.login(server.user, server.password)
    except BaseException:
        found.close()
        raise
    return found


def hand_over(connection: smtplib.SMTP, message: EmailMessage) -> None:
    """Send a message. Raises LetterRefused, or ServerGone where the connection broke."""
    try:
        connection.send_message(message)
    except smtplib.SMTPRecipientsRefused as error:
        [(code, text)] = error.recipients.values()
        raise LetterRefused(answer(code, text), for_good=code >= FOR_GOOD) from error
    except smtplib.SMTPResponseException as error:
        gone = error.smtp_code >= FOR_GOOD
        raise LetterRefused(answer(error.smtp_code, error.smtp_error), for_good=gone) from error
    except (smtplib.SMTPException, OSError) as error:
        raise ServerGone(said(error)) from error
    except ValueError as error:
        # an address or header that cannot be written: no server will ever take it
        raise LetterRefused(str(error), for_good=True) from error


def answer(code: int, text: bytes | str) -> str:
    """Return what the server said."""
    words = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return f"{code} {words}".strip()


def said(error: Exception) -> str:
    """Return what went wrong with a connection, in a line."""
    if isinstance(error, smtplib.SMTPResponseException):
        return answer(error.smtp_code, error.smtp_error)
    return str(error) or type(error).__name__


# -- a message ---------------------------------------------------------------------------------


def message(letter: Row, settings: Settings, now: datetime) -> EmailMessage:
    """Return a letter as a message: text, and beside it the calendar, where it has one.

    As alternatives, and the calendar without a disposition: so clients show their buttons.
    """
    found = EmailMessage(policy=SMTP)
    found["From"] = sender(settings)
    found["To"] = letter["to"]
    found["Subject"] = letter["subject"]
    found["Date"] = format_datetime(now.astimezone(settings.zone))
    found["Message-ID"] = letter["message_id"]
    found["Auto-Submitted"] = "auto-generated"
    found.set_content(letter["body"], cte="base64")
    if letter["calendar"]:
        found.add_alternative(
            letter["calendar"].encode(),
            maintype="text",
            subtype="calendar",
            cte="base64",
            params={"charset": "utf-8", "method": letter["method"]},
        )
    return found


def sender(settings: Settings) -> Address:
    """Return who letters are from."""
    name, address = parseaddr(settings.mail_from)
    return Address(name, addr_spec=address)
