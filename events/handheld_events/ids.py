"""Ids: time-ordered, derived, the same when a command is repeated.

Random ids halved the append rate over two million rows, so every id that becomes a stream begins
with 48 bits of time. What a command makes is named after the command, so a retry names it alike.
"""

from __future__ import annotations

import re
from hashlib import blake2b

TIME_DIGITS = 12
"""48 bits of milliseconds since 1970, as in a UUID version 7 (RFC 9562, section 5.7)."""

_COMMAND = re.compile(r"[0-9a-f]{12}7[0-9a-f]{3}[89ab][0-9a-f]{15}")
_PERSON = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,39}")
_PERSONAL = re.compile(r"1[3-9][0-9]{9}|[0-9]{17}[0-9Xx]|[0-9]{15}")
_CODE = re.compile(r"[0-9]{6}([0-9]{3}){0,3}")
_KEY = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


def command_id(milliseconds: int, random: bytes) -> str:
    """A new command id: a UUID version 7, as 32 hex digits. `random` is ten random bytes."""
    r = int.from_bytes(random, "big")
    return (
        f"{milliseconds & 0xFFFFFFFFFFFF:012x}7{(r >> 62) & 0xFFF:03x}"
        f"{0x8000000000000000 | (r & 0x3FFFFFFFFFFFFFFF):016x}"
    )


def is_command_id(text: str) -> bool:
    """Whether the text is a UUID version 7 in 32 lower-case hex digits."""
    return _COMMAND.fullmatch(text) is not None


def is_person_number(text: str) -> bool:
    """Whether the text can name a person: a staff number, up to 40 letters, digits, `_`, `.`, `-`."""
    return _PERSON.fullmatch(text) is not None


def is_personal_number(text: str) -> bool:
    """Whether the text looks like a mobile telephone number or an identity card number (GB 11643).

    Numbers of people are part of stream names: what is personal could never be erased there.
    """
    return _PERSONAL.fullmatch(text) is not None


def is_key(text: str) -> bool:
    """Whether the text can name a plan, department or group: 1-40 lower-case letters, digits, `-`."""
    return _KEY.fullmatch(text) is not None


def is_division_code(text: str) -> bool:
    """Whether the text is a code of 6, 9, 12 or 15 digits."""
    return _CODE.fullmatch(text) is not None


def derived(command: str, what: str) -> str:
    """An id that follows from a command: its time bits, then a hash. 32 hex digits."""
    digest = blake2b(f"{command}/{what}".encode(), digest_size=10).hexdigest()
    return command[:TIME_DIGITS] + digest


def task_force_id(command: str) -> str:
    """The stream of the task force that a command starts."""
    return f"tf-{derived(command, 'task_force')}"


def order_id(command: str, index: int) -> str:
    """The id of the n-th order that a command issues."""
    return f"order-{derived(command, f'order/{index}')}"


def entry_id(command: str) -> str:
    """The id of the entry that a command makes."""
    return f"entry-{derived(command, 'entry')}"


def finding_id(command: str) -> str:
    """The stream of the finding that a command reports."""
    return f"finding-{derived(command, 'finding')}"


def warning_id(command: str) -> str:
    """The stream of the warning that a command brings in."""
    return f"warning-{derived(command, 'warning')}"


def cap_warning_id(sender: str, identifier: str, sent_milliseconds: int) -> str:
    """The stream of a CAP message: however often and by whichever way it comes, it is the same."""
    digest = blake2b(f"{sender}\x1f{identifier}".encode(), digest_size=10).hexdigest()
    return f"warning-{sent_milliseconds & 0xFFFFFFFFFFFF:012x}{digest}"


def message_id(command: str) -> str:
    """The id of the message that a command sends."""
    return f"message-{derived(command, 'message')}"


def further_task_id(order: str, person: str, before: int) -> str:
    """The stream of a task of an order for somebody who had so many of the same order before.

    It does not follow from the command: two who give somebody the same to do at once name the same
    stream, and one of them is told.
    """
    return TaskIds(order).of(f"{person}/{before}" if before else person)


def caused_command(at_milliseconds: int, *cause: str) -> str:
    """The id of a command that follows from something: the same cause always gives the same id.

    A UUID version 7 in form, with a hash where others have chance.
    """
    digest = blake2b("\x1f".join(cause).encode(), digest_size=10).digest()
    return command_id(at_milliseconds, digest)


class TaskIds:
    """The streams of an order's tasks: the order's time bits, then a hash of order and person."""

    def __init__(self, order: str) -> None:
        self._hash = blake2b(f"{order}/".encode(), digest_size=10)
        self._prefix = "task-" + order.removeprefix("order-")[:TIME_DIGITS]

    def of(self, person: str) -> str:
        """The stream of this person's task."""
        digest = self._hash.copy()
        digest.update(person.encode())
        return self._prefix + digest.hexdigest()


class RecordIds:
    """What the records of another system are called here: by when each came about, and a hash."""

    def __init__(self, source: str, kind: str) -> None:
        self._hash = blake2b(f"{source}\x1f".encode(), digest_size=10)
        self._kind = kind

    def of(self, at_milliseconds: int, record: str) -> tuple[str, str]:
        """A command id, a UUID version 7 in form, and the stream; the same record gives the same."""
        digest = self._hash.copy()
        digest.update(record.encode())
        text, time = digest.hexdigest(), f"{at_milliseconds & 0xFFFFFFFFFFFF:012x}"
        return f"{time}7{text[:3]}8{text[3:18]}", f"{self._kind}-{time}{text}"


def division_stream(code: str) -> str:
    """The stream of a division."""
    return f"division-{code}"


def person_stream(number: str) -> str:
    """The stream of a person."""
    return f"person-{number}"


def department_stream(key: str) -> str:
    """The stream of a department."""
    return f"department-{key}"


def group_stream(key: str) -> str:
    """The stream of a group."""
    return f"group-{key}"


def plan_stream(key: str) -> str:
    """The stream of a plan."""
    return f"plan-{key}"
