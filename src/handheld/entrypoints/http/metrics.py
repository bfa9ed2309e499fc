"""What the server counts, for Prometheus."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.registry import Collector

LATENCY = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
SIZES = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000)


class _Counted(Collector):
    """A counter that is read when it is asked for."""

    def __init__(self, name: str, about: str, value: Callable[[], float]) -> None:
        self._name = name
        self._about = about
        self._value = value

    def collect(self) -> Iterator[Metric]:
        """The counter."""
        yield CounterMetricFamily(self._name, self._about, self._value())


class Metrics:
    """All metrics of one server."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry(auto_describe=True)
        self.requests = Histogram(
            "handheld_http_request_seconds",
            "Time to answer an HTTP request, by route and status",
            ("method", "route", "status"),
            buckets=LATENCY,
            registry=self.registry,
        )
        self._answered: dict[tuple[str, str, int], Histogram] = {}
        self.commands = Histogram(
            "handheld_command_seconds",
            "Time from a command's arrival until it is durable",
            ("command", "outcome"),
            buckets=LATENCY,
            registry=self.registry,
        )
        self.commit_facts = Histogram(
            "handheld_commit_facts",
            "Facts in one commit",
            buckets=SIZES,
            registry=self.registry,
        )
        self.commit_seconds = Histogram(
            "handheld_commit_seconds",
            "Time of one commit, its flush included",
            buckets=LATENCY,
            registry=self.registry,
        )
        self.sign_ins = Counter(
            "handheld_sign_ins_total",
            "Sign-ins, by result",
            ("result",),
            registry=self.registry,
        )

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """An HTTP request was answered."""
        key = (method, route, status)
        one = self._answered.get(key)
        if one is None:
            one = self._answered[key] = self.requests.labels(method, route, status)
        one.observe(seconds)

    def gauge(self, name: str, about: str, value: Callable[[], float]) -> None:
        """A value that is read when it is asked for."""
        Gauge(name, about, registry=self.registry).set_function(value)

    def counter(self, name: str, about: str, value: Callable[[], float]) -> None:
        """Something that only grows, and is counted elsewhere."""
        self.registry.register(_Counted(name, about, value))

    def text(self) -> tuple[bytes, str]:
        """Everything, in the text format, and its media type."""
        return generate_latest(self.registry), CONTENT_TYPE_LATEST
