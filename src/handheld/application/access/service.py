"""Access: who is signed in, and all that has to do with it. docs/access.md

Thread-safe. `known` and `current` read memory alone, for event loops; what changes anything is durable
when it returns. Other processes may change the same store: whoever was
told to watch notices within a second or two, and ends what they have revoked.

Where several processes serve, what is not known here is looked up: it may have begun elsewhere. Locks
of accounts and tickets are shared by them; how many tries an address or a name has, and how many
wrong ones a name that there is not, each counts for itself.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from threading import Event, Thread
from time import monotonic

from handheld.application.access.core import Core, HasOpenTask, Told, noted
from handheld.application.access.devices import Devices
from handheld.application.access.identity import Identity
from handheld.application.access.links import Links
from handheld.application.access.live import Live, digest
from handheld.application.access.lookups import Lookups
from handheld.application.access.ports import AccessStore, Passwords, Random, TicketStore
from handheld.application.access.records import Note, Session
from handheld.application.access.rules import REDEEM_AGAIN, account_key
from handheld.application.access.signing_in import SigningIn
from handheld.application.access.tickets import Tickets
from handheld.application.ports import Clock
from handheld.domain.errors import HandheldError

POLL_SECONDS = 1.0
"""So often a watcher asks whether another process has written."""
SEEN_TOGETHER = 500
"""So many last uses are written down in one flush."""
SWEEP_SECONDS = 30.0
"""So often uses are written down, and what has ended by time is cleared away."""


class Access(SigningIn, Links, Devices, Core):
    """All of it. `watch`: for a server, which goes on while others change the store.

    `tickets`: those that all who serve share; without, this process serves alone.
    `clock` is the machine's, also where the log's is simulated: a story that is told sixty times as
    fast signs nobody out.
    """

    def __init__(
        self,
        store: AccessStore,
        passwords: Passwords,
        clock: Clock,
        random: Random,
        *,
        has_open_task: HasOpenTask = lambda _: False,
        watch: bool = False,
        tickets: TicketStore | None = None,
    ) -> None:
        super().__init__(store, passwords, clock, random, has_open_task)
        self._shared = tickets is not None
        self._tickets = tickets or Tickets(clock)
        self._lookups = Lookups()
        self._closing = Event()
        self._trouble: str | None = None
        self._stale: set[str] = set()
        store.changed()  # what comes from now on is news
        self._live.become((), store.sessions(), store.accounts())
        self._watcher = Thread(target=self._watch, name="access", daemon=True) if watch else None
        if self._watcher is not None:
            self._watcher.start()

    # --- who is it? ---------------------------------------------------------------------------

    def known(self, token: str) -> Identity | None:
        """Who shows this token, as far as this process knows. It takes microseconds."""
        return self._used(self._live.of_token(token))

    def identify(self, token: str) -> Identity | None:
        """Who shows this token; None where it opens nothing (any more).

        Raises Busy where it is not known here and cannot be looked up.
        """
        live = self._live.of_token(token)
        if live is None and self._shared:
            found = digest(token)
            live = None if found is None else self._elsewhere(lambda: self._store.session_of(found))
        return self._used(live)

    async def identify_async(self, token: str) -> Identity | None:
        """`identify` for the loop: it waits for a thread where it is not known here."""
        who = self.known(token)
        if who is not None or not self._shared:
            return who
        return await self._lookups.soon(lambda: self.identify(token))

    def current(self, session: str) -> Identity | None:
        """Whose session this is, as of now: for connections that stay open. It counts as a use."""
        return self._used(self._live.get(session))

    def _used(self, live: Live | None) -> Identity | None:
        if live is None:
            return None
        now = self._clock.now()
        if not self._holds(live, now):
            return None
        live.use(now)
        return live.identity

    def _elsewhere(self, look: Callable[[], Session | None]) -> Live | None:
        """A session that another process has begun a moment ago."""
        if look() is None:  # most are; and no outage is waited for in a queue, each for itself
            return None
        with self._lock:  # what is taken in is what is there now: it may have ended in between
            session = look()
            if session is None:
                return None
            return self._live.get(session.id) or self._taken_in(session)

    def ticket(self, who: Identity) -> str:
        """A ticket for a session: good once, for thirty seconds. Raises Busy where it cannot be kept."""
        secret = self._secret()
        self._tickets.put(digest(secret) or b"", who.session)
        return secret

    def take_ticket(self, secret: str) -> Identity | None:
        """Who was given this ticket; None the second time, too late, or where the session has ended.

        Raises Busy where it cannot be known.
        """
        found = digest(secret)
        session = None if found is None else self._tickets.take(found)
        if session is None:
            return None
        live = self._live.get(session)
        if live is None and self._shared:
            live = self._elsewhere(lambda: next(iter(self._store.sessions([session])), None))
        return self._used(live)

    async def take_ticket_async(self, secret: str) -> Identity | None:
        """`take_ticket` for the loop."""
        return await self._lookups.soon(lambda: self.take_ticket(secret))

    def on_revoked(self, told: Told) -> None:
        """Call this with the ids of sessions that hold no more, for whatever reason.

        It is called on another thread, once for each session, and must neither wait nor raise.
        """
        self._told.append(told)

    def audit(
        self,
        limit: int = 100,
        *,
        before: int | None = None,
        account: str | None = None,
        person: str | None = None,
    ) -> list[Note]:
        """Who signed in, who failed, what was issued and revoked, the latest first.

        `before`: the number of a line, for the page after it.
        """
        key = None if account is None else account_key(account)
        return self._store.notes(limit, before=before, account=key, person=person)

    # --- by itself ----------------------------------------------------------------------------

    @property
    def trouble(self) -> str | None:
        """Why the watcher does not get on just now, such as a full disk."""
        return self._trouble

    def sessions_held(self) -> int:
        """How many sessions hold, of everybody."""
        return len(self._live)

    def refresh(self) -> None:
        """Take in what other processes have changed; sessions that they ended are told of."""
        with self._lock:
            self._stale |= self._store.changed()
            if not self._stale:
                return
            sessions = self._store.sessions(self._stale)
            gone = self._live.become(self._stale, sessions, self._store.accounts())
            self._stale = set()
        self._tell(gone)

    def sweep(self) -> None:
        """Write down when sessions were last used, and end those whose time is over."""
        self._keep_seen()
        now = self._clock.now()
        self._store.drop_salts(now - REDEEM_AGAIN)
        if self._shared:
            self._look_at_uses([live for live in self._live if live.nearly_over(now)])
        over = [live for live in self._live if not self._holds(live, now)]
        if not over:
            return
        with self._change() as change:
            ended = change.end_sessions(ids=[live.session.id for live in over])
            change.note(noted(one, "expired", now) for one in ended)
        self._gone(one.id for one in ended)

    def _look_at_uses(self, some: Collection[Live]) -> None:
        """What is used at another process only, and has not been here for long, does not end."""
        known = {live.session.id: live for live in some}
        for session in self._store.sessions(known) if known else ():
            known[session.id].used_elsewhere(session)

    def _keep_seen(self, *, all_of_them: bool = False) -> None:
        late = [(live, live.seen) for live in self._live if live.unkept(all_of_them)]
        for at in range(0, len(late), SEEN_TOGETHER):
            some = late[at : at + SEEN_TOGETHER]
            self._store.keep_seen([(live.session.id, seen) for live, seen in some])
            for live, seen in some:
                live.kept = seen
            # Whoever signs in just now, and the loop beside this thread, get on in between.
            self._closing.wait(0.01)

    def _watch(self) -> None:
        swept = monotonic()
        while not self._closing.wait(POLL_SECONDS):
            try:
                self.refresh()
                if monotonic() - swept >= SWEEP_SECONDS:
                    swept = monotonic()
                    self.sweep()
                self._trouble = None
            except Exception as error:  # it is tried again; who is signed in stays so
                self._trouble = f"{type(error).__name__}: {error}"

    def close(self) -> None:
        """Finish what is being hashed, write down the last uses, close the file."""
        self._closing.set()
        if self._watcher is not None:
            self._watcher.join()
        self._hashers.shutdown(wait=True, cancel_futures=True)
        self._lookups.close()
        try:
            if self._watcher is not None:
                self._keep_seen(all_of_them=True)
        except HandheldError as error:  # a use that is not written down is no loss
            self._trouble = str(error)
        self._store.close()
