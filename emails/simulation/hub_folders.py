"""Folders of the hub as pymap wants them: messages, changes and who waits for them.

pymap's own maildir backend is not used: it sends mail through Python's email package, which
changes line ends and adds blank lines, and its COPY loses the content.
"""

import re
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from functools import cached_property
from typing import Self, TypeVar

from pymap.backend.mailbox import MailboxDataInterface
from pymap.bytes import Writeable
from pymap.concurrent import Event
from pymap.flags import FlagOp
from pymap.interfaces.message import CachedMessage
from pymap.mailbox import MailboxSnapshot
from pymap.message import BaseLoadedMessage, BaseMessage
from pymap.mime import MessageContent
from pymap.parsing.message import AppendMessage
from pymap.parsing.response.fetch import BodyStructure, EnvelopeStructure
from pymap.parsing.specials import FetchRequirement, ObjectId
from pymap.parsing.specials.flag import Flag, Seen, Wildcard
from pymap.selected import SelectedMailbox, SelectedSet

from emails.simulation.hub_store import Entry, MailStore, account_of

Read = TypeVar("Read")
BLANK_LINE = re.compile(rb"(^|\n)\r?\n")


class Message(BaseMessage):
    def __init__(self, folder: "Folder", entry: Entry, *, expunged: bool = False) -> None:
        received = datetime.fromtimestamp(entry.received, UTC)
        flags = [Flag(flag) for flag in entry.flags.split()]
        super().__init__(entry.uid, received, flags, expunged=expunged)
        self._folder = folder

    async def load_content(self, requirement: FetchRequirement) -> "LoadedMessage":
        needed = not requirement.has_none(FetchRequirement.CONTENT)
        return LoadedMessage(self, requirement, self._folder.raw(self.uid) if needed else b"")


class LoadedMessage(BaseLoadedMessage):
    """A whole message is its own bytes; only those who ask for parts pay for parsing."""

    def __init__(self, message: Message, requirement: FetchRequirement, raw: bytes) -> None:
        super().__init__(message, requirement, None)
        self._raw = raw

    @cached_property
    def content(self) -> MessageContent:
        return _parse(self._raw)

    def __bytes__(self) -> bytes:
        return self._raw

    def get_size(self, section: Sequence[int] | None = None) -> int:
        size: int = super().get_size(section) if section else len(self._raw)
        return size

    def get_body(self, section: Sequence[int] | None = None, binary: bool = False) -> Writeable:  # noqa: FBT001, FBT002 - pymap's signature
        if section or binary:
            return super().get_body(section, binary)
        return Writeable.wrap(self._raw)

    # The email package raises anything at all on malformed headers, which must not end a session.

    def get_header(self, name: bytes) -> Sequence[str]:
        return _or_else(lambda: super(LoadedMessage, self).get_header(name), list)

    def get_envelope_structure(self) -> EnvelopeStructure:
        return _or_else(super().get_envelope_structure, EnvelopeStructure.empty)

    def get_body_structure(self) -> BodyStructure:
        return _or_else(super().get_body_structure, BodyStructure.empty)


def _or_else(read: Callable[[], Read], fallback: Callable[[], Read]) -> Read:
    try:
        return read()
    except Exception:
        return fallback()


def _parse(raw: bytes) -> MessageContent:
    # pymap takes the whole message for the body where no blank line ends the header.
    complete = raw if BLANK_LINE.search(raw) else raw + b"\r\n\r\n"
    return _or_else(
        lambda: MessageContent.parse(complete), lambda: MessageContent.parse(b"\r\n" + raw)
    )


class Snapshot(MailboxSnapshot):
    @property
    def flags(self) -> frozenset[Flag]:
        r"""All but \*, which RFC 9051 9 allows among the permanent flags only."""
        return frozenset(super().flags - {Wildcard})


class Folder(MailboxDataInterface[Message]):
    """One folder, shared by all who have it open. The rows of the store are the truth."""

    def __init__(self, store: MailStore, folder_id: int) -> None:
        super().__init__()
        self._store = store
        self._id = folder_id
        self._uid_validity, _ = store.uids_of(folder_id)
        self._version = 0
        self._touched: dict[int, int] = {}
        self._changed = Event.for_asyncio()
        self._selected_set = SelectedSet()

    @property
    def mailbox_id(self) -> ObjectId:
        return ObjectId(b"F%d" % self._id)

    @property
    def readonly(self) -> bool:
        return False

    @property
    def uid_validity(self) -> int:
        return self._uid_validity

    @property
    def permanent_flags(self) -> frozenset[Flag]:
        return frozenset(super().permanent_flags | {Wildcard})

    @property
    def selected_set(self) -> SelectedSet:
        return self._selected_set

    def touch(self, uids: Iterable[int]) -> None:
        """Note what changed and wake those who idle here."""
        self._version += 1
        self._touched.update(dict.fromkeys(uids, self._version))
        self._changed.set()

    def raw(self, uid: int) -> bytes:
        return self._store.raw(self._id, uid) or b""

    async def update_selected(
        self, selected: SelectedMailbox, *, wait_on: Event | None = None
    ) -> SelectedMailbox:
        known = selected.mod_sequence
        if wait_on is not None and known == self._version:
            # Waits for the next change only: one that came before is in the version already.
            await wait_on.or_event(self._changed).wait()
        selected.mod_sequence = self._version
        if known is None:
            selected.add_updates(self._messages(), [])
        else:
            selected.add_updates(*self._changes_since(known))
        return selected

    def _messages(self) -> list[Message]:
        return [Message(self, entry) for entry in self._store.entries(self._id)]

    def _changes_since(self, version: int) -> tuple[list[Message], list[int]]:
        uids = [uid for uid, touched in self._touched.items() if touched > version]
        entries = {uid: self._store.entry(self._id, uid) for uid in uids}
        present = [Message(self, entry) for entry in entries.values() if entry]
        return present, [uid for uid, entry in entries.items() if entry is None]

    async def append(self, append_msg: AppendMessage, *, recent: bool = False) -> Message:
        received = append_msg.when.timestamp() if append_msg.when else time.time()
        flags = _written(append_msg.flag_set)
        uid = self._store.append(self._id, append_msg.literal, flags, received)
        self.touch([uid])
        return Message(self, Entry(uid, flags, received))

    async def copy(self, uid: int, destination: Self, *, recent: bool = False) -> int | None:
        new_uid = self._store.copy(self._id, uid, destination._id)
        if new_uid is not None:
            destination.touch([new_uid])
        return new_uid

    async def move(self, uid: int, destination: Self, *, recent: bool = False) -> int | None:
        new_uid = self._store.move(self._id, uid, destination._id)
        if new_uid is not None:
            self.touch([uid])
            destination.touch([new_uid])
        return new_uid

    async def get(self, uid: int, cached_msg: CachedMessage) -> Message | None:
        """Return the message, or nothing if another client took it away meanwhile."""
        entry = self._store.entry(self._id, uid)
        return entry and Message(self, entry)

    async def update(
        self, uid: int, cached_msg: CachedMessage, flag_set: frozenset[Flag], mode: FlagOp
    ) -> Message:
        message = await self.get(uid, cached_msg)
        flags = mode.apply((message or cached_msg).permanent_flags, flag_set)
        received = cached_msg.internal_date.timestamp()
        entry = Entry(uid, _written(flags), received)
        if message is not None:
            self._store.set_flags(self._id, uid, entry.flags)
            self.touch([uid])
        return Message(self, entry, expunged=message is None)

    async def delete(self, uids: Iterable[int]) -> None:
        gone = list(uids)
        self._store.delete(self._id, gone)
        self.touch(gone)

    async def claim_recent(self, selected: SelectedMailbox) -> None:
        """No mail waits to be \\Recent: RFC 9051 did away with it."""

    async def cleanup(self) -> None:
        """The store keeps house itself."""

    async def snapshot(self) -> Snapshot:
        messages = self._messages()
        unseen = [n for n, message in enumerate(messages, 1) if Seen not in message.permanent_flags]
        _, next_uid = self._store.uids_of(self._id)
        return Snapshot(
            self.mailbox_id,
            self.readonly,
            self.uid_validity,
            self.permanent_flags,
            self.session_flags,
            len(messages),
            0,
            len(unseen),
            unseen[0] if unseen else None,
            next_uid,
        )


def _written(flags: Iterable[Flag]) -> str:
    return " ".join(sorted(str(flag) for flag in flags))


class PostOffice:
    """Every folder that is in use, so that a delivery reaches those who have it open."""

    def __init__(self, store: MailStore) -> None:
        self.store = store
        self._open: dict[int, Folder] = {}

    def folder(self, folder_id: int) -> Folder:
        if folder_id not in self._open:
            self._open[folder_id] = Folder(self.store, folder_id)
        return self._open[folder_id]

    def deliver(self, addresses: Iterable[str], raw: bytes) -> None:
        """Put one copy into the inbox of each address, all or none."""
        accounts = dict.fromkeys(account_of(address) for address in addresses)
        for folder_id, uid in self.store.deliver(accounts, raw):
            self.folder(folder_id).touch([uid])
