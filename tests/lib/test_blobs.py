import os
import time
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path

import pytest

from hbu.lib import blobs

DAY = 24 * 3600


def files(folder):
    return sorted(path for path in folder.rglob("*") if path.is_file())


def age(folder, digest, seconds):
    moment = time.time() - seconds
    os.utime(blobs.path_of(folder, digest), (moment, moment))


@pytest.mark.parametrize("data", [b"", b"\x00\xff", b"x" * 100_000])
def test_what_was_put_is_got(tmp_path, data):
    digest = blobs.put(tmp_path, data)
    assert digest == sha256(data).hexdigest()
    assert blobs.get(tmp_path, digest) == data


def test_the_same_bytes_are_kept_once_however_many_put_them_at_a_time(tmp_path):
    with ThreadPoolExecutor(8) as pool:
        digests = set(pool.map(lambda _: blobs.put(tmp_path, b"same"), range(40)))
    assert files(tmp_path) == [blobs.path_of(tmp_path, digest) for digest in digests]


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(blobs.Missing, match="ab12 is missing"):
        blobs.get(tmp_path, "ab12")


def test_a13_a_full_disk_leaves_nothing_behind(tmp_path, monkeypatch):
    def full(_handle):
        raise OSError("No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        blobs.put(tmp_path, b"half a mail")
    assert files(tmp_path) == []


def test_a14_only_what_is_old_is_found(tmp_path):
    old, young = blobs.put(tmp_path, b"old"), blobs.put(tmp_path, b"young")
    age(tmp_path, old, 2 * DAY)
    found = list(blobs.older_than(tmp_path, time.time() - DAY))
    assert found == [blobs.path_of(tmp_path, old)]
    assert young not in {path.name for path in found}
    assert list(blobs.older_than(tmp_path / "nowhere", time.time())) == []


def test_a14_a_file_that_was_put_again_is_not_discarded(tmp_path):
    digest = blobs.put(tmp_path, b"again")
    age(tmp_path, digest, 2 * DAY)
    moment = time.time() - DAY
    (path,) = blobs.older_than(tmp_path, moment)
    blobs.put(tmp_path, b"again")
    assert not blobs.discard(path, moment)
    assert blobs.get(tmp_path, digest) == b"again"


def test_a14_what_is_discarded_can_be_put_again(tmp_path):
    digest = blobs.put(tmp_path, b"again")
    assert blobs.discard(blobs.path_of(tmp_path, digest), time.time() + 1)
    assert files(tmp_path) == []
    assert not blobs.discard(blobs.path_of(tmp_path, digest), time.time() + 1)
    assert blobs.put(tmp_path, b"again") == digest


def test_b9_a_path_is_made_of_the_hash_alone(tmp_path):
    digest = blobs.put(tmp_path, b"../../etc/passwd")
    assert blobs.path_of(Path(), digest) == Path(digest[:2], digest[2:4], digest)
