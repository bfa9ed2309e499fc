"""A CAP 1.2 message as it is read: the model of OASIS CAP 1.2 (1 July 2010), section 3.2.

Names are those of the standard. `handheld.adapters.cap` reads one from XML and checks it.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

import msgspec
from msgspec import field

from handheld_events.base import Instant
from handheld_events.warning import Certainty, Severity, Urgency

CapStatus = Literal["Actual", "Exercise", "System", "Test", "Draft"]
MsgType = Literal["Alert", "Update", "Cancel", "Ack", "Error"]
Scope = Literal["Public", "Restricted", "Private"]
Category = Literal[
    "Geo",
    "Met",
    "Safety",
    "Security",
    "Rescue",
    "Fire",
    "Health",
    "Env",
    "Transport",
    "Infra",
    "CBRNE",
    "Other",
]
ResponseType = Literal[
    "Shelter",
    "Evacuate",
    "Prepare",
    "Execute",
    "Avoid",
    "Monitor",
    "Assess",
    "AllClear",
    "None",
]


class CapStruct(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A part of a message; its fields have the names of the standard's elements."""


class Reference(NamedTuple):
    """An earlier message that a message is about."""

    sender: str
    identifier: str
    sent: Instant


class Point(NamedTuple):
    """A place (WGS 84, degrees)."""

    latitude: float
    longitude: float


class Circle(NamedTuple):
    """A point and all that lies around it."""

    centre: Point
    radius: float
    """Kilometres."""


class Named(CapStruct, frozen=True, kw_only=True):
    """A value of a system that the sender names: `eventCode`, `parameter`, `geocode`."""

    value_name: str
    value: str


class CapResource(CapStruct, frozen=True, kw_only=True):
    """Something that comes with the message (section 3.2.3)."""

    resource_desc: str
    mime_type: str
    size: int | None = None
    """Bytes."""
    uri: str | None = None
    deref_uri: str | None = None
    digest: str | None = None


class CapArea(CapStruct, frozen=True, kw_only=True):
    """Where (section 3.2.4)."""

    area_desc: str
    polygons: tuple[tuple[Point, ...], ...] = field(default=(), name="polygon")
    circles: tuple[Circle, ...] = field(default=(), name="circle")
    geocodes: tuple[Named, ...] = field(default=(), name="geocode")
    altitude: float | None = None
    """Feet above mean sea level, as the standard has it."""
    ceiling: float | None = None


class CapInfo(CapStruct, frozen=True, kw_only=True):
    """What is said, in one language (section 3.2.2)."""

    language: str = "en-US"
    categories: tuple[Category, ...] = field(name="category")
    event: str
    response_types: tuple[ResponseType, ...] = field(default=(), name="responseType")
    urgency: Urgency
    severity: Severity
    certainty: Certainty
    audience: str | None = None
    event_codes: tuple[Named, ...] = field(default=(), name="eventCode")
    effective: Instant | None = None
    onset: Instant | None = None
    expires: Instant | None = None
    sender_name: str | None = None
    headline: str | None = None
    description: str | None = None
    instruction: str | None = None
    web: str | None = None
    contact: str | None = None
    parameters: tuple[Named, ...] = field(default=(), name="parameter")
    resources: tuple[CapResource, ...] = field(default=(), name="resource")
    areas: tuple[CapArea, ...] = field(default=(), name="area")


class CapAlert(CapStruct, frozen=True, kw_only=True):
    """A message (section 3.2.1). Sender, identifier and sent together name it."""

    identifier: str
    sender: str
    sent: Instant
    status: CapStatus
    msg_type: MsgType
    source: str | None = None
    scope: Scope
    restriction: str | None = None
    addresses: str | None = None
    codes: tuple[str, ...] = field(default=(), name="code")
    note: str | None = None
    references: tuple[Reference, ...] = ()
    incidents: str | None = None
    infos: tuple[CapInfo, ...] = field(default=(), name="info")
