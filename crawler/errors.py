"""Every exception of ours, drawn as a tree.

OfRecordError
├── NotUsable            the user can mend it: a setting, an argument, a folder
│   ├── UnknownPublisher     no definition of that name
│   ├── BadArgument          an argument that cannot be read
│   │   └── BadQuery             a search query that cannot be read
│   ├── BadDefinition        a publisher definition that contradicts itself
│   ├── FolderNotUsable      an archive folder that cannot be read or written
│   │   └── IndexTooOld          an index that is to be brought up to date before it can be read
│   └── SecretOnTheWire      a request that carried credentials, which no record may hold
├── StorageError         the archive cannot go on; what was written before stays valid
│   ├── DiskFull             no room for the next record
│   ├── CollectionInUse      another process holds the collection
│   ├── IndexTooNew          an index of a later version of ofrecord
│   ├── BadRecord            a WARC record that is not what its index says
│   └── Incomplete           files that cannot be read, where all of them are needed
├── Postponed            a request that cannot be made now; its URL stays in the queue
│   ├── LeaseLost            another worker may have taken over the hosts
│   └── PutOff               the hosts are to be left alone for now
├── BadListing           a feed or sitemap that cannot be read (the web's mistake)
├── ExtractionFailed     a page the extraction gave up on, or that killed its worker
│   └── PagesCutOff          an article whose later pages a killed crawl had not fetched
├── PageAbsent           a page that says that its article is not there any more
└── CaptureMismatch      the wire tap cannot guarantee exact bytes
"""

from __future__ import annotations

from collections.abc import Sequence


class OfRecordError(Exception):
    """Base of all errors that ofrecord raises on purpose."""


class NotUsable(OfRecordError):
    """What the user gave cannot be used as it is."""


class UnknownPublisher(NotUsable):
    """No publisher definition has this name."""


class BadArgument(NotUsable):
    """A command-line argument or spider argument that cannot be read."""


class BadQuery(BadArgument):
    """A search query that cannot be read."""

    def __init__(self, message: str, at: int | None = None) -> None:
        super().__init__(f"query, character {at}: {message}" if at else message)
        self.at = at
        """Of the character that is wrong, the first being 1; None: the whole."""


class BadDefinition(NotUsable):
    """A publisher definition that contradicts itself."""


class FolderNotUsable(NotUsable):
    """The archive folder cannot be created, read or written."""


class IndexTooOld(FolderNotUsable):
    """index.db was written by an earlier version of ofrecord, or is just being made."""


class SecretOnTheWire(NotUsable):
    """A request carried a cookie or an authorization: it cannot be on record exactly, and is not kept inexactly."""


class StorageError(OfRecordError):
    """The archive cannot take more; what it holds stays valid."""


class DiskFull(StorageError):
    """No room for the next record."""


class CollectionInUse(StorageError):
    """Another process has the collection open for writing."""


class IndexTooNew(StorageError):
    """index.db or frontier.db was written by a later version of ofrecord."""


class BadRecord(StorageError):
    """A WARC record that cannot be read, or is not what the index says it is."""


class Incomplete(StorageError):
    """What was to be made of all files would lack what cannot be read."""

    def __init__(self, message: str, left_out: Sequence[str]) -> None:
        super().__init__(message)
        self.left_out = tuple(left_out)
        """What that is, each with its file and the reason."""


class Postponed(OfRecordError):
    """A request cannot be made now: its URL stays in the queue. For exceptions that are also Scrapy's IgnoreRequest."""

    seconds = 3600.0
    """Until it is worth another try."""


class LeaseLost(Postponed):
    """This process was stopped for so long that another may be sending requests to the same hosts."""

    seconds = 0.0


class PutOff(Postponed):
    """The hosts said that they are to be left alone, or have had their share, after the request was on its way."""

    seconds = 0.0


class BadListing(OfRecordError):
    """A feed, sitemap or listing page that cannot be read."""

    def __init__(self, message: str, fault: str = "unreadable") -> None:
        super().__init__(message)
        self.fault = fault
        """In a word, for the crawl's stats."""


class ExtractionFailed(OfRecordError):
    """Extraction gave up on a page: over its time or memory, or its worker died."""


class PagesCutOff(ExtractionFailed):
    """A crawl was killed before it had all pages of the article: it was fetched again, from its first page."""


class PageAbsent(OfRecordError):
    """A page that should have been an article's, and says that there is none."""


class CaptureMismatch(OfRecordError):
    """The wire tap cannot guarantee that it sees the exact bytes."""


def wants_room(error: Exception) -> bool:
    """Whether this error of SQLite's says that there was no room to write.

    It says so of a full disk; a quota or a limit on the size of files it calls an I/O error of a write
    (``SQLITE_IOERR_WRITE``), as it does a disk that fails: hence "no room", and SQLite's own words beside it.
    """
    # Errors of Python's own have no name.
    name = getattr(error, "sqlite_errorname", None)
    return name in ("SQLITE_FULL", "SQLITE_IOERR_WRITE") or "full" in str(error)


_FAULTS = {
    "DownloadTimeoutError": "timeout",
    "DownloadCancelledError": "too-long",
    "CancelledError": "too-long",
    "ResponseDataLossError": "cut-off",
    "_DataLoss": "cut-off",
    "CannotResolveHostError": "dns",
    "DownloadConnectionRefusedError": "refused",
    "ParseError": "not-http",
    "ValueError": "not-http",
    "_TooLong": "header-too-long",
    "ConnectionLost": "connection-lost",
    "ConnectionDone": "connection-lost",
    "ResponseNeverReceived": "connection-lost",
}
"""Of errors of Scrapy, Twisted and the wire tap; those of ours are called as their class."""

_WORDS = {
    "_DataLoss": "the connection ended before the response did",
    "ResponseDataLossError": "the connection ended before the response did",
    "DownloadCancelledError": "given up: longer than DOWNLOAD_MAXSIZE allows",
    "CancelledError": "given up: longer than DOWNLOAD_MAXSIZE allows",
}
"""Of errors of theirs that say nothing to people."""


def fault_of(error: BaseException) -> str:
    """What went wrong in a download, in a word, for the crawl's stats."""
    if isinstance(error, OfRecordError) or "IgnoreRequest" in {base.__name__ for base in type(error).__mro__[1:]}:
        return _kebab(type(error).__name__)
    reasons = getattr(error, "reasons", None) or getattr(error.__cause__, "reasons", None)
    if reasons:
        return fault_of(reasons[-1].value)
    if type(error).__module__.partition(".")[0] in ("OpenSSL", "service_identity"):
        return "tls"
    return _FAULTS.get(type(error).__name__) or _kebab(type(error).__name__)


def _kebab(name: str) -> str:
    return "".join(f"-{letter.lower()}" if letter.isupper() else letter for letter in name).strip("-_")


def reason_of(error: BaseException) -> str:
    """What went wrong in a download, for people: without Scrapy's and Twisted's wrappings."""
    if type(error).__name__ in _WORDS:
        return _WORDS[type(error).__name__]
    if wrapped := getattr(error, "reasons", None):
        return reason_of(wrapped[-1].value)
    library = type(error).__module__.partition(".")[0]
    if library == "scrapy" and error.__cause__ is not None:
        return reason_of(error.__cause__)
    if library == "OpenSSL":
        words = ", ".join(str(part[-1]) for part in error.args[0]) if error.args else "no reason given"
        return f"its certificate cannot be verified ({words})" if "certificate" in words else f"TLS failed ({words})"
    if library == "service_identity":
        return f"its certificate is of another host ({error})"
    return str(error).rstrip(".") or type(error).__name__
