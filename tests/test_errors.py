"""What went wrong is said in words that people understand."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys

from OpenSSL.SSL import Error as TlsError
from scrapy.exceptions import DownloadFailedError
from service_identity import VerificationError
from twisted.internet.error import ConnectionLost
from twisted.python.failure import Failure
from twisted.web.client import ResponseNeverReceived

from crawler.errors import reason_of, wants_room
from tests.conftest import PROJECT, clean_environment


def wrapped(error: Exception) -> Exception:
    """As Scrapy raises what Twisted raised."""
    try:
        raise DownloadFailedError("told by Scrapy") from ResponseNeverReceived([Failure(error)])  # type: ignore[no-untyped-call]
    except DownloadFailedError as raised:
        return raised


def test_a_certificate_that_cannot_be_verified_is_called_that() -> None:
    error = TlsError([("SSL routines", "", "certificate verify failed")])
    assert reason_of(wrapped(error)) == "its certificate cannot be verified (certificate verify failed)"
    assert reason_of(wrapped(TlsError([("SSL routines", "", "wrong version number")]))) == (
        "TLS failed (wrong version number)"
    )
    assert "its certificate is of another host" in reason_of(wrapped(VerificationError(errors=[])))


def test_wrappings_are_taken_off_and_an_error_without_words_is_named() -> None:
    assert reason_of(wrapped(ConnectionLost())).startswith("Connection to the other side was lost")
    assert reason_of(ValueError()) == "ValueError"
    assert reason_of(ValueError("no such thing.")) == "no such thing"


def test_pythons_own_database_errors_want_no_room() -> None:
    assert not wants_room(sqlite3.ProgrammingError("Cannot operate on a closed database."))


def test_an_interruption_that_no_command_handles_is_one_line() -> None:
    """While modules are imported, say."""
    program = "import crawler.settings, sys; raise KeyboardInterrupt if sys.argv[1:] else ValueError('ours')"
    done, failed = (
        subprocess.run(
            [sys.executable, "-c", program, *given],
            cwd=PROJECT,
            env=clean_environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        for given in (["x"], [])
    )
    assert (done.stderr, done.returncode) == ("ofrecord: interrupted\n", -signal.SIGINT)  # 130 in a shell
    assert failed.stderr.startswith("Traceback")
