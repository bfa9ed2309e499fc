"""What a member of a task force may see of its history."""

from __future__ import annotations

from handheld.application.index_keeper import IndexKeeper
from handheld.application.ports import Log
from handheld.domain.errors import NotAllowed
from handheld_events.codec import Reading
from handheld_projections.membership import sees_after
from handheld_projections.timeline import Line


def seen_by(
    log: Log, indexes: IndexKeeper, task_force: str, person: str, *, upto: int | None = None
) -> list[Line]:
    """The timeline of a task force as far as one of its members may see it.

    Raises NotAllowed (`task_force.not_a_member`).
    """
    own = {line.position for line in indexes.timeline(person, upto=upto)}
    lines = indexes.timeline(task_force, upto=upto)
    concerned = [line.position for line in lines if line.position in own]
    # Command may have been handed to them by somebody else: such facts name them in their words.
    concerned += [line.position for line in lines if "command_handed_over" in line.note]
    fact = Reading().fact
    rows = log.read_positions(sorted(set(concerned)))
    after = sees_after((fact(*row) for row in rows), person)
    if after is None:
        raise NotAllowed("task_force.not_a_member", task_force=task_force, person=person)
    return [line for line in lines if line.position > after]
