"""What Prometheus asks for: requests by route, and the tasks that wait."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.process_collector import ProcessCollector

BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)


class Metrics:
    """The metrics of one service."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self.requests = Counter(
            "lianshen_requests",
            "Requests answered",
            ("route", "method", "status"),
            registry=self.registry,
        )
        self.seconds = Histogram(
            "lianshen_request_seconds",
            "Seconds a request took",
            ("route", "method"),
            buckets=BUCKETS,
            registry=self.registry,
        )
        self.open_tasks = Gauge(
            "lianshen_tasks_open", "Tasks that are open", registry=self.registry
        )
        self.overdue_tasks = Gauge(
            "lianshen_tasks_overdue", "Open tasks that are late", registry=self.registry
        )

    def request(self, route: str, method: str, status: int, seconds: float) -> None:
        """Count a request. `route` is a route's rule, so that there are only so many."""
        self.requests.labels(route, method, str(status)).inc()
        self.seconds.labels(route, method).observe(seconds)

    def tasks(self, waiting: int, late: int) -> None:
        """Set how many tasks are open and late."""
        self.open_tasks.set(waiting)
        self.overdue_tasks.set(late)

    def text(self) -> bytes:
        """Return everything in the format of Prometheus."""
        return generate_latest(self.registry)
