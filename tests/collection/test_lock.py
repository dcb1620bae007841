import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from crawler.collection.lock import Lock, Membership, alive, alone, door
from crawler.errors import CollectionInUse, FolderNotUsable


def test_a_second_writer_is_told_who_holds_the_collection(tmp_path: Path) -> None:
    lock = Lock(tmp_path)
    with pytest.raises(CollectionInUse, match=f"by process {os.getpid()}"):
        Lock(tmp_path)
    lock.release()
    Lock(tmp_path).release()


def test_the_lock_of_a_killed_process_is_free(tmp_path: Path) -> None:
    script = f"import os, signal; from crawler.collection.lock import Lock; from pathlib import Path; \
Lock(Path({str(tmp_path)!r})); os.kill(os.getpid(), signal.SIGKILL)"
    subprocess.run([sys.executable, "-c", script], check=False)
    Lock(tmp_path).release()


def test_a_folder_that_cannot_be_made_is_named_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(FolderNotUsable, match=r"file/news cannot be written to .*ARCHIVES_DIR"):
        Lock(tmp_path / "file" / "news")


def entered(folder: Path) -> Membership:
    with door(folder):
        return Membership(folder)


def test_any_number_crawls_together_and_nobody_changes_what_is_there_meanwhile(tmp_path: Path) -> None:
    members = [entered(tmp_path), entered(tmp_path)]
    assert alive(tmp_path) == {member.owner for member in members} == members[0].alive()
    members[0].release()
    assert alive(tmp_path) == {members[1].owner}
    with pytest.raises(CollectionInUse, match=f"by process {os.getpid()};"):
        Lock(tmp_path)
    members[1].release()
    lock = Lock(tmp_path)
    with pytest.raises(CollectionInUse, match=f"by process {os.getpid()};"):
        entered(tmp_path)
    lock.release()


def test_a_crawl_that_starts_while_something_short_is_done_waits_for_it(tmp_path: Path) -> None:
    with ThreadPoolExecutor() as pool:
        with alone(tmp_path):
            starting = pool.submit(entered, tmp_path)
            with pytest.raises(TimeoutError):
                starting.result(0.2)
        member = starting.result(30)
    with pytest.raises(CollectionInUse), alone(tmp_path):
        pass
    member.release()
    with alone(tmp_path):
        pass


def test_a_killed_member_is_not_alive_and_leaves_nothing(tmp_path: Path) -> None:
    script = f"import os, signal; from crawler.collection.lock import Membership, door; from pathlib import Path\n\
with door(Path({str(tmp_path)!r})): Membership(Path({str(tmp_path)!r})); os.kill(os.getpid(), signal.SIGKILL)"
    subprocess.run([sys.executable, "-c", script], check=False)
    assert len(list((tmp_path / "workers").iterdir())) == 1
    assert alive(tmp_path) == frozenset()
    Lock(tmp_path).release()
    assert list((tmp_path / "workers").iterdir()) == []
