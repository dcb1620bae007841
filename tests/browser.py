"""Chromium without a window, steered over a pipe (--remote-debugging-pipe), as far as the tests need it."""

from __future__ import annotations

import base64
import json
import os
import select
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from fcntl import F_DUPFD_CLOEXEC, fcntl
from itertools import count
from pathlib import Path
from typing import Any

import pytest

# Text of a page, of what its components hide in shadow roots, and of the frames in it.
ALL_TEXT = """
(function said(root) {
  let text = root.body ? root.body.innerText : (root.textContent || '');
  for (const element of root.querySelectorAll('*')) {
    if (element.shadowRoot) text += said(element.shadowRoot);
    if (element.tagName === 'IFRAME' && element.contentDocument) text += said(element.contentDocument);
  }
  return text;
})(document)
"""


def chromium() -> str:
    """The program; Debian's package `chromium` has it."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        pytest.skip("chromium is not there: apt-get install chromium")
    return found


class Page:
    """A tab."""

    def __init__(self, commands: int, answers: int) -> None:
        self._commands, self._answers = commands, answers
        self._ids = count(1)
        self._received = b""
        self._session: str | None = None

    def open(self, url: str) -> None:
        target = self._ask("Target.createTarget", url=url)["targetId"]
        self._session = str(self._ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"])

    def text(self) -> str:
        """All that can be read now, in frames too."""
        return str(self._ask("Runtime.evaluate", expression=ALL_TEXT)["result"].get("value", ""))

    def wait_for(self, text: str, seconds: float = 60) -> None:
        deadline = time.monotonic() + seconds
        while text not in (said := self.text()):
            assert time.monotonic() < deadline, said
            time.sleep(0.3)

    def screenshot(self, path: Path) -> None:
        path.write_bytes(base64.b64decode(self._ask("Page.captureScreenshot")["data"]))

    def _ask(self, method: str, **parameters: object) -> dict[str, Any]:
        number = next(self._ids)
        session = {"sessionId": self._session} if self._session else {}
        message = {"id": number, "method": method, "params": parameters, **session}
        os.write(self._commands, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._answer()
            if answer.get("id") == number:
                assert "result" in answer, answer
                return dict(answer["result"])

    def _answer(self) -> dict[str, Any]:
        while b"\0" not in self._received:
            ready, _, _ = select.select([self._answers], [], [], 60)
            data = os.read(self._answers, 1 << 16) if ready else b""
            assert data, "chromium does not answer"
            self._received += data
        line, _, self._received = self._received.partition(b"\0")
        return dict(json.loads(line))


@contextmanager
def browsing(profile: Path) -> Iterator[Page]:
    """A browser with a profile of its own, which ends with the test."""
    options = ["--headless=new", "--no-sandbox", "--disable-gpu", "--remote-debugging-pipe", "--window-size=1200,900"]
    quiet = ["--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
    # Whatever a page names, nothing but this machine is dialled.
    alone = ["--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1", f"--user-data-dir={profile}", "about:blank"]
    read_commands, commands = os.pipe()
    answers, write_answers = os.pipe()
    # Out of the way of 3 and 4, where chromium expects them.
    ends = [fcntl(descriptor, F_DUPFD_CLOEXEC, 10) for descriptor in (read_commands, write_answers)]

    def place() -> None:
        os.dup2(ends[0], 3)
        os.dup2(ends[1], 4)

    process = subprocess.Popen(
        [chromium(), *options, *quiet, *alone],
        preexec_fn=place,
        pass_fds=(3, 4),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    for descriptor in (read_commands, write_answers, *ends):
        os.close(descriptor)
    try:
        yield Page(commands, answers)
    finally:
        process.terminate()
        process.wait(20)
        os.close(commands)
        os.close(answers)
