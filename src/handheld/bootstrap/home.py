"""A district's log, opened, and what works on it: in a directory, or in PostgreSQL.

Parts that are opened on demand are loaded on demand: most commands need none of them.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import ExitStack, contextmanager, suppress
from datetime import datetime
from pathlib import Path
from secrets import token_bytes
from threading import Lock
from time import monotonic
from types import TracebackType
from typing import TYPE_CHECKING, Any, TypeVar

from handheld.adapters.clock import RealClock, SimulatedClock
from handheld.adapters.log import CommandLog
from handheld.adapters.sqlite_store import Synchronous
from handheld.application import (
    index_keeper,
    mention_keeper,
    organisation_keeper,
    past_boards,
    register_keeper,
)
from handheld.application.board_keeper import BoardKeeper
from handheld.application.follower import Follower, Keeper
from handheld.application.following import Stopped
from handheld.application.index_keeper import IndexKeeper
from handheld.application.loading import States
from handheld.application.mention_keeper import MentionKeeper
from handheld.application.organisation_keeper import OrganisationKeeper
from handheld.application.ports import (
    Log,
    LogAway,
    LogBroken,
    LogBusy,
    LogFull,
    ViewsDamaged,
    ViewsUnwritable,
)
from handheld.application.reactor import Reactor
from handheld.application.reading.seen import Looking
from handheld.application.register_keeper import RegisterKeeper, differences
from handheld.application.requests import Receipt, Request
from handheld.application.verifying import Check, Progress, verify
from handheld.application.world import KeptWorld
from handheld.application.writer import Writer
from handheld.bootstrap.files import Files
from handheld.bootstrap.place import Place
from handheld.domain.errors import Away, Busy, HandheldError, WriterStopped
from handheld.domain.starting import Preview, StartAdHoc, StartFromPlan, preview
from handheld.texts import Texts
from handheld_events.envelope import Meta
from handheld_events.ids import command_id

if TYPE_CHECKING:
    from handheld.adapters.attachments_store import SealedAttachments
    from handheld.adapters.notifiers.reaching import Reaching
    from handheld.application.access.service import Access
    from handheld.application.attachments import Attachments
    from handheld.application.board_desk import BoardDesk
    from handheld.application.receiving_events import Receiver
    from handheld.application.taking_in import Foreign, Source, TakenIn
    from handheld.domain.policy.systems import System

T = TypeVar("T")

FOLDS = (
    past_boards.FOLD,
    organisation_keeper.FOLD,
    index_keeper.TIMELINE,
    index_keeper.INBOX,
    register_keeper.FOLD,
    mention_keeper.FOLD,
)


TROUBLE_SECONDS = 2.0
"""Who cannot get on for so long, on a full disk say, is not waited for."""

ORGANISATION_EVERY = 50_000
"""Positions between checkpoints of the organisation while the process runs."""


class Home:
    """A district's log, opened: keyring, views, and what works on them.

    A data directory has one owner; in PostgreSQL any number of processes may have the same log open.
    """

    def __init__(self, place: Path | Place, *, synchronous: Synchronous = "FULL") -> None:
        with ExitStack() as opened:
            self.place: Place = (
                Files(place, synchronous=synchronous) if isinstance(place, Path) else place
            )
            place = self.place
            opened.callback(place.close)
            self.directory = place.directory
            self.app: CommandLog = place.app
            self.log: Log = self.app.port
            self.clock: RealClock | SimulatedClock = self.app.clock()
            self.keyring = place.keyring
            self.duties = place.duties
            self.views = place.views()
            self._follower: Follower | None = None
            try:
                self._resume()
            except ViewsDamaged:
                self.views.begin_anew()
                self._resume()
            opened.callback(self._store)
            self._erased = self._finish_erasures()
            self._access: Access | None = None
            self._board_desk: BoardDesk | None = None
            self._attachments: tuple[SealedAttachments, Attachments] | None = None
            self._opening = Lock()
            follower = self._follower = Follower(
                self.log,
                (self.boards, self.indexes, self.registers, self.mentions),
                lambda: self.organisation.checkpoint(ORGANISATION_EVERY),
            )
            opened.callback(follower.close)
            self.world = KeptWorld(
                self.log, self.organisation, self.boards, self.clock, followed=True
            )
            self.looking = Looking(self.log, self.organisation, self.keyring)
            """Who looks at what: for everything that is shown or pushed."""
            self.writer = Writer(self.log, self.clock, self.world)
            opened.callback(self.writer.close)
            follower.start()
            self.reactor = Reactor(
                self.log,
                self.boards,
                self.organisation,
                self.writer,
                self.clock,
                lambda: place.duties.holds("reactions"),
            )
            opened.callback(self.reactor.close)
            self.reaching: Reaching | None = None
            """The ways to tell people, once `reach` has been asked for them."""
            self._opened = opened.pop_all()

    def _resume(self) -> None:
        writes = self.place.writes
        self.organisation = OrganisationKeeper(self.log, self.views, writes or _alone)
        self.boards = BoardKeeper(self.log, self.views, writes=writes or _alone)
        self.indexes = IndexKeeper(self.log, self.views, writes)
        self.register_store = self.place.registers(self.views)
        self.registers = RegisterKeeper(self.log, self.register_store, self.keyring, writes)
        self.mentions = MentionKeeper(self.log, self.views, writes)

    @property
    def access(self) -> Access:
        """Who is signed in, opened when it is first asked for. It goes by the machine's clock."""
        with self._opening:
            if self._access is None:
                from handheld.application.access.open_tasks import OpenTasks

                has_open_task = OpenTasks(self._busy_people)
                access = self.place.access(has_open_task=has_open_task, watch=True)
                self._opened.callback(access.close)
                access.forget_persons(self._erased)
                self._access = access
            return self._access

    @property
    def attachment_store(self) -> SealedAttachments:
        """Photos, voice and documents, opened when they are first asked for."""
        return self._opened_attachments()[0]

    @property
    def attachments(self) -> Attachments:
        """The same, with who may bring and see what."""
        return self._opened_attachments()[1]

    def _opened_attachments(self) -> tuple[SealedAttachments, Attachments]:
        with self._opening:
            if self._attachments is None:
                from handheld.application.attachment_sight import AttachmentSight
                from handheld.application.attachments import Attachments

                store = self.place.attachments()
                self._opened.callback(store.close)
                for person in self._erased & store.rows.subjects():
                    store.forget(person)
                sight = AttachmentSight(self.log, self.mentions, self.looking)
                self._attachments = store, Attachments(store, sight)
            return self._attachments

    @property
    def board_desk(self) -> BoardDesk:
        """Boards for others, and what was shown of them; opened when it is first asked for.

        Raises Installation (`shown.damaged`).
        """
        with self._opening:
            if self._board_desk is None:
                from handheld.application.board_desk import BoardDesk

                store = self.place.shown()
                desk = BoardDesk(
                    self.log, self.boards, self.looking, self.clock, store, store.close
                )
                self._opened.callback(desk.close)
                self._board_desk = desk
            return self._board_desk

    def _busy_people(self) -> Iterator[str]:
        for drills in (False, True):
            for waiter in self.boards.waiters("", drills=drills):
                yield waiter.person

    def _finish_erasures(self) -> set[str]:
        """A person erased in the log has no key, whenever the process that erased them ended.

        Raises Installation (`keyring.missing`) where there are people and there was no keyring.
        """
        try:
            people = self.organisation.caught_up()[0].people
        except HandheldError:
            return set()  # an unreadable fact: whoever decides on the organisation is told of it
        erased = {stream for stream, person in people.items() if person.erased}
        if len(erased) < len(people):
            self.place.check_keyring()
        if erased:
            for subject in erased & self.keyring.subjects():
                self.keyring.erase(subject)
        return erased

    def caught_up(self, progress: Callable[[int], None] | None = None) -> int:
        """Wait until boards and indexes show the log's end, or are stopped; gives that end."""
        end = self.log.end()
        for keeper in (self.boards, self.indexes, self.registers, self.mentions):
            reached, since = keeper.position, monotonic()
            while keeper.stopped is None and not keeper.wait_for(end, 0.1):
                if keeper.position != reached:
                    reached, since = keeper.position, monotonic()
                elif self.trouble is not None and monotonic() - since > TROUBLE_SECONDS:
                    break
                if progress is not None:
                    progress(keeper.position)
        return end

    def follow(self, keeper: Keeper) -> None:
        """Keep one more fold up with the log, until this is closed."""
        if self._follower is not None:
            self._follower.also(keeper)

    def let_go_first(self, hurried: Callable[[int], bool]) -> None:
        """Boards and indexes wait, for a moment, while this says so of the log's end."""
        if self._follower is not None:
            self._follower.hurried = hurried

    def follow_at_intervals(self, seconds: float) -> None:
        """Boards and indexes take in what came at most so often: where nobody looks at them here."""
        if self._follower is not None:
            self._follower.between = seconds

    def reach(self, file: Path | None, texts: Texts) -> Reaching | None:
        """The ways to tell people, as their file says; to be started by whoever serves.

        None where there is no file. Raises Installation (`notices.file`, `notices.open_to_others`).
        """
        if file is None:
            return None
        from handheld.adapters.notifiers.reaching import Parts, Reaching
        from handheld.adapters.notifiers.settings import read_notices

        parts = Parts(
            directory=self.directory,
            push=self.place.push(),
            log=self.log,
            clock=self.clock,
            boards=self.boards,
            organisation=self.organisation,
            keyring=self.keyring,
            writer=self.writer,
            follow=self.follow,
        )
        reaching = self.reaching = Reaching(parts, read_notices(file), texts)
        self._opened.callback(reaching.release)
        return reaching

    def receiver(self, systems: Mapping[str, System]) -> Receiver:
        """Answers what other systems ask for; `systems` as their register has them."""
        from handheld.adapters.cap import read_cap
        from handheld.application.receiving_events import Receiver

        return Receiver(
            self.log,
            self.clock,
            systems,
            organisation=lambda: self.organisation.caught_up()[0],
            submit=self.writer.submit_soon,
            read_cap=read_cap,
        )

    @property
    def trouble(self) -> str | None:
        """Why boards or indexes do not get on just now: what they show may be older than the log."""
        return self._follower.trouble if self._follower is not None else None

    @property
    def stopped(self) -> list[Stopped]:
        """The folds that met a fact they cannot read: what they show is older than the log."""
        found = (self.boards.stopped, self.indexes.stopped, self.registers.stopped)
        return [stopped for stopped in found if stopped is not None]

    def request(
        self,
        command: Any,
        actor: str,
        *,
        command_id: str | None = None,
        occurred_at: datetime | None = None,
        reported_at: datetime | None = None,
        on_behalf_of: str | None = None,
        drill: bool = False,
    ) -> Request:
        """A request as it is made here and now, unless told otherwise.

        What occurred earlier is reported now, unless it was reported at a time of its own.
        """
        now = self.clock.now()
        if occurred_at is not None and reported_at is None:
            reported_at = now
        return Request(
            command,
            Meta(
                actor=actor,
                command=command_id or self.new_command_id(),
                occurred_at=occurred_at or now,
                reported_at=None if reported_at == occurred_at else reported_at,
                on_behalf_of=on_behalf_of,
                drill=drill,
            ),
        )

    def preview(self, command: StartFromPlan | StartAdHoc, *, drill: bool = False) -> Preview:
        """Whom a start would call, by what is known now. Raises NotFound, Malformed."""
        plan = None
        if isinstance(command, StartFromPlan):
            states = States(self.log)
            states.load([command.plan])
            plan = states.get(command.plan).state
        running: Sequence[str] = ()
        if isinstance(command, StartFromPlan):
            running = self.world.running(command.plan, command.division, drills=drill)
        known = self.organisation.caught_up()[0]
        return preview(command, plan, known, self.clock.now(), running)

    def execute(self, command: Any, actor: str, **about: Any) -> Receipt:
        """Carry out a command; durable when it returns. Raises HandheldError."""
        return self.writer.execute(self.request(command, actor, **about))

    def go_on_to(self, moment: datetime) -> None:
        """Move a simulated clock on, and store that: whoever opens the log next goes on from there.

        A real clock goes by itself. Raises HandheldError (`log.full`), Busy, WriterStopped.
        """
        if not isinstance(self.clock, SimulatedClock):
            return
        self.clock.move_to(moment)
        with _errors_of_the_log():
            self.app.keep_clock(self.clock)

    def take_in(
        self,
        source: Source,
        records: Iterable[T],
        mapped: Callable[[T], Foreign],
        progress: Callable[[TakenIn], object],
        workers: Executor | None = None,
    ) -> TakenIn:
        """Records of another system, as `taking_in.take_in` has it.

        Raises HandheldError (`log.full`), Busy, WriterStopped, and what the records and workers raise.
        """
        from handheld.application.taking_in import take_in

        with _errors_of_the_log():
            return take_in(self.log, self.clock, source, records, mapped, progress, workers=workers)

    def react(self) -> int:
        """Ask for all that is due by the log's clock; how many requests that were."""
        return self.reactor.react()

    def new_command_id(self) -> str:
        """A new command id by the log's clock."""
        return command_id(int(self.clock.now().timestamp() * 1000), token_bytes(10))

    def verify(self, progress: Progress | None = None) -> list[Check]:
        """Make everything again from the log, and compare."""
        self.caught_up()
        checks = verify(
            self.log,
            self.views,
            self.organisation,
            progress,
            registers=lambda: differences(self.log, self.register_store, self.keyring),
        )
        if self.place.has_attachments():
            count, wrong = self.attachment_store.verify()
            checks.append(Check("attachments", not wrong, count, wrong))
        return checks

    def erase_keys(self, person: str) -> None:
        """Destroy a person's keys, after the log has taken the erasure; sign them out for good."""
        self.keyring.erase(person)
        if self._board_desk is not None:
            self._board_desk.reading.forget_names()
        if self.place.has_attachments():
            self.attachment_store.forget(person)
        if self.place.has_access():
            self.access.forget_person(person)

    def close(self) -> None:
        """Finish what is under way, store what was folded, let the directory go."""
        self._opened.close()

    def _store(self) -> None:
        """Store what was folded. What cannot be stored is folded again next time."""
        try:
            if self._follower is not None and self._follower.damaged:
                raise ViewsDamaged
            with suppress(HandheldError, ViewsUnwritable):
                self.boards.checkpoint()
                self.organisation.checkpoint()
                if not self.stopped:
                    self.views.keep_only(FOLDS)
        except ViewsDamaged:
            self.views.begin_anew()

    def __enter__(self) -> Home:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def _alone() -> bool:
    return True


@contextmanager
def _errors_of_the_log() -> Generator[None]:
    """As people are told."""
    try:
        yield
    except LogFull as error:
        raise HandheldError("log.full", reason=str(error)) from error
    except LogAway as error:
        raise Away from error
    except LogBusy as error:
        raise Busy(retry_after=1) from error
    except LogBroken as error:
        raise WriterStopped(str(error)) from error


def settle_memory() -> None:
    """Tell the garbage collector that what is loaded stays.

    Facts and states hold no cycles. Left to its defaults the collector walks the whole register of
    people again and again while a start is decided, which took a third of the time. For processes
    that are ours alone: it changes the whole process.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 100)
