"""The hub's IMAP side: who may log in, and what a session sees."""

import logging
from argparse import Namespace
from asyncio import CancelledError, StreamReader, StreamWriter
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from ssl import SSLContext, SSLError

from proxyprotocol.sock import SocketInfo
from pymap.backend.mailbox import MailboxSetInterface
from pymap.backend.session import BaseSession
from pymap.concurrent import Subsystem
from pymap.config import BackendCapability, IMAPConfig
from pymap.exceptions import AuthorizationFailure, InvalidAuth, NotSupportedError
from pymap.imap import IMAPServer
from pymap.listtree import ListTree
from pymap.parsing.specials import ObjectId, SearchKey, SequenceSet
from pymap.selected import SelectedMailbox
from pysasl.creds.server import ServerCredentials
from pysasl.identity import ClearIdentity

from emails.simulation.hub_folders import Folder, Message, PostOffice
from emails.simulation.hub_smtp import Connections
from emails.simulation.hub_store import INBOX, SIZE_LIMIT, account_of

logger = logging.getLogger(__name__)


class Config(IMAPConfig):
    def __init__(self, tls: SSLContext) -> None:
        super().__init__(
            Namespace(passlib_cfg=None, proxy_protocol=None),
            host=None,
            port=0,
            ssl_context=tls,
            cpu_subsystem=Subsystem.for_asyncio(),
            max_append_len=SIZE_LIMIT,
        )

    @property
    def backend_capability(self) -> BackendCapability:
        return BackendCapability(idle=True, object_id=False, multi_append=True)

    @property
    def greeting(self) -> bytes:
        # pymap's own greeting asks the DNS for this machine's name.
        return b"Mail hub ready"


class Folders(MailboxSetInterface[Folder]):
    """The folders of one account. All of them count as subscribed."""

    def __init__(self, office: PostOffice, account: str) -> None:
        super().__init__()
        self._office = office
        self._store = office.store
        self._account = account

    @property
    def delimiter(self) -> str:
        return "/"

    async def set_subscribed(self, name: str, subscribed: bool) -> None:  # noqa: FBT001
        """Nothing to remember."""

    async def list_subscribed(self) -> ListTree:
        return await self.list_mailboxes()

    async def list_mailboxes(self) -> ListTree:
        return ListTree(self.delimiter).update(INBOX, *self._store.folders(self._account))

    async def get_mailbox(self, name: str) -> Folder:
        return self._office.folder(self._id_of(name))

    async def add_mailbox(self, name: str) -> ObjectId:
        if self._store.find_folder(self._account, name) is not None:
            raise ValueError(name)
        return self._office.folder(self._store.make_folder(self._account, name)).mailbox_id

    async def delete_mailbox(self, name: str) -> None:
        self._store.delete_folder(self._id_of(name))

    async def rename_mailbox(self, before: str, after: str) -> None:
        if before.upper() == INBOX:
            raise NotSupportedError("INBOX keeps its name.")
        self._id_of(before)
        tree = await self.list_mailboxes()
        if tree.get(after) is not None:
            raise ValueError(after)
        self._store.rename_folders(self._account, tree.get_renames(before, after))

    def _id_of(self, name: str) -> int:
        if name.upper() == INBOX:
            return self._store.make_folder(self._account, INBOX)
        folder_id = self._store.find_folder(self._account, name)
        if folder_id is None:
            raise KeyError(name)
        return folder_id


class Session(BaseSession[Message]):
    """A session that looks before it answers: SEARCH and FETCH see mail that just came in.

    pymap answers them from what it told the client last, so that a long session would need a NOOP.
    """

    def __init__(self, account: str, config: Config, folders: Folders) -> None:
        super().__init__(account)
        self._config = config
        self._folders = folders

    @property
    def config(self) -> Config:
        return self._config

    @property
    def mailbox_set(self) -> Folders:
        return self._folders

    async def search_mailbox(
        self, selected: SelectedMailbox, keys: frozenset[SearchKey]
    ) -> tuple[Iterable[tuple[int, Message]], SelectedMailbox]:
        selected = await self.check_mailbox(selected)
        found: tuple[Iterable[tuple[int, Message]], SelectedMailbox]
        found = await super().search_mailbox(selected, keys)
        return found

    async def fetch_messages(
        self,
        selected: SelectedMailbox,
        sequence_set: SequenceSet,
        set_seen: bool,  # noqa: FBT001
    ) -> tuple[Iterable[tuple[int, Message]], SelectedMailbox]:
        selected = await self.check_mailbox(selected)
        found: tuple[Iterable[tuple[int, Message]], SelectedMailbox]
        found = await super().fetch_messages(selected, sequence_set, set_seen)
        return found


class Identity:
    """Somebody who knew the password; the account is made by opening it."""

    def __init__(self, account: str, config: Config, office: PostOffice) -> None:
        self.account = account
        self._config = config
        self._office = office

    @asynccontextmanager
    async def new_session(self) -> AsyncIterator[Session]:
        yield Session(self.account, self._config, Folders(self._office, self.account))


class Login:
    """Every address is an account, and one password opens them all."""

    def __init__(self, config: Config, office: PostOffice, password: str) -> None:
        self._config = config
        self._office = office
        self._password = password

    async def authenticate(self, credentials: ServerCredentials) -> Identity:
        wanted = ClearIdentity(credentials.authcid, self._password, prepare=str)
        try:
            known = credentials.verify(wanted)
        except UnicodeError:
            known = False
        if not known:
            raise InvalidAuth
        return Identity(account_of(credentials.authcid), self._config, self._office)

    async def authorize(self, authenticated: Identity, authzid: str) -> Identity:
        if account_of(authzid) != authenticated.account:
            raise AuthorizationFailure
        return authenticated


class ResponseWriter:
    """Sends a response in one piece; pymap writes word by word, even to a client who has gone."""

    def __init__(self, writer: StreamWriter) -> None:
        self._writer = writer
        self._response = bytearray()

    def write(self, data: bytes) -> None:
        self._response += data

    async def drain(self) -> None:
        if self._response and not self._writer.is_closing():
            self._writer.write(bytes(self._response))
        self._response.clear()
        await self._writer.drain()

    async def start_tls(self, tls: SSLContext) -> None:
        await self._writer.start_tls(tls)

    def close(self) -> None:
        self._writer.close()


class ImapService:
    """Answers one connection."""

    def __init__(
        self, office: PostOffice, tls: SSLContext, password: str, connections: Connections
    ) -> None:
        config = Config(tls)
        self._connections = connections
        self._server = IMAPServer(Login(config, office, password), config)

    async def __call__(self, reader: StreamReader, writer: StreamWriter) -> None:
        self._connections.add(writer.transport)
        try:
            await self._server(reader, ResponseWriter(writer), SocketInfo.get(writer, None))
        except (CancelledError, ConnectionError, SSLError):
            logger.debug("An IMAP session was cut off.")
        except Exception:
            logger.exception("An IMAP session ended with an error.")
