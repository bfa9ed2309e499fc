"""Our Mapper for the `eventsourcing` library: msgspec text, stable topics, upcasters."""

from __future__ import annotations

from typing import Any

from eventsourcing.domain import DomainEventProtocol
from eventsourcing.persistence import Mapper, StoredEvent

from handheld_events.codec import Reading, Writing
from handheld_events.envelope import About, Recorded


class RecordedMapper(Mapper[str]):
    """Takes `Recorded` facts to the library's stored events and back."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._reading = Reading()

    def to_stored_event(self, domain_event: DomainEventProtocol[str]) -> StoredEvent:
        """The stored form of a fact. Position and recorded time are the recorder's to set."""
        if not isinstance(domain_event, Recorded):
            msg = f"only Recorded facts are stored, not {type(domain_event).__name__}"
            raise TypeError(msg)
        about = About(
            division=domain_event.division,
            task_force=domain_event.task_force,
            person=domain_event.person,
        )
        return StoredEvent(
            originator_id=domain_event.stream,
            originator_version=domain_event.version,
            topic=domain_event.event.TOPIC,
            state=Writing(domain_event.meta).state(domain_event.event, about),
        )

    def to_domain_event(self, stored_event: StoredEvent) -> Recorded[Any]:
        """The fact, whatever the version it was written in. Raises UnreadableEvent."""
        return self._reading.fact(
            getattr(stored_event, "id", 0),
            str(stored_event.originator_id),
            stored_event.originator_version,
            stored_event.topic,
            stored_event.state,
            getattr(stored_event, "recorded_us", 0),
        )
