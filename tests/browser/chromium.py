"""A real Chromium, driven by Playwright: the machine's own, which `make browser` installs."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Error, sync_playwright

from requirements import browser

#: no service of the browser's makers is spoken to, and no name leads away from this machine
ARGUMENTS = (
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    # letters are drawn the same on every machine
    "--font-render-hinting=none",
    "--disable-lcd-text",
    "--force-color-profile=srgb",
)


class CannotStart(Exception):
    """No browser can be driven here."""


@contextmanager
def started() -> Iterator[Browser]:
    """Yield a running Chromium. Raises CannotStart, with how to get one."""
    if browser.missing():
        raise CannotStart(browser.advice())
    with sync_playwright() as playwright:
        try:
            running = playwright.chromium.launch(
                executable_path=browser.chromium(),
                args=ARGUMENTS,
                # root may not use it
                chromium_sandbox=os.geteuid() != 0,
            )
        except Error as error:
            raise CannotStart(
                f"Chromium does not start: {error.message.splitlines()[0]}"
            ) from error
        yield running
        running.close()
