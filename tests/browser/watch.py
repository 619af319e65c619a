"""What no page may do, whoever looks at it: complain, break the policy, fail, ask another host."""

from __future__ import annotations

from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Request, Response, WebError

#: addresses that lead nowhere
INSIDE = {"about", "blob", "data"}
#: how the browser's and htmx's words on a failed request begin; it is told below, with its status
TOLD_ELSEWHERE = (
    "Failed to load resource",
    "Response Status Error Code",
    "htmx:sendError",
    "htmx:afterRequest",
)
#: a request given up because the page was left
LEFT = "net::ERR_ABORTED"


class Watch:
    """Listens to every page of a browser context; `faults` has a line for each thing amiss."""

    def __init__(self, context: BrowserContext, address: str) -> None:
        self.address = address
        self.host = urlsplit(address).netloc
        self.faults: list[str] = []
        #: statuses that the test means to get
        self.expected: set[int] = set()
        #: whether the test cuts the connection
        self.offline = False
        #: requests that are not answered yet
        self.pending: set[Request] = set()
        context.on("console", self.said)
        context.on("weberror", self.raised)
        context.on("request", self.asked)
        context.on("requestfailed", self.failed)
        context.on("requestfinished", self.finished)
        context.on("response", self.answered)

    def said(self, message: ConsoleMessage) -> None:
        """Note an error or a warning; a breach of the policy is one."""
        if message.type in {"error", "warning"} and not message.text.startswith(TOLD_ELSEWHERE):
            self.note(f"console {message.type}: {message.text}")

    def raised(self, error: WebError) -> None:
        self.note(f"uncaught: {error.error.message}")

    def asked(self, request: Request) -> None:
        self.pending.add(request)
        where = urlsplit(request.url)
        if where.scheme not in INSIDE and where.netloc != self.host:
            self.note(f"asked another host: {request.url}")

    def finished(self, request: Request) -> None:
        self.pending.discard(request)

    def failed(self, request: Request) -> None:
        self.pending.discard(request)
        if request.failure != LEFT and not self.offline:
            self.note(f"failed: {request.method} {self.path(request.url)} ({request.failure})")

    def answered(self, response: Response) -> None:
        if response.status >= 400 and response.status not in self.expected:
            request = response.request
            self.note(f"{response.status}: {request.method} {self.path(response.url)}")

    @property
    def failing(self) -> bool:
        """Whether the server failed; its log has the cause."""
        return any(fault.startswith("500") for fault in self.faults)

    def path(self, url: str) -> str:
        return url.removeprefix(self.address)

    def note(self, fault: str) -> None:
        self.faults.append(fault)
