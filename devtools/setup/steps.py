"""Steps of the set-up: each runs once, and again only when what it is made from changes."""

import contextlib
import fcntl
import hashlib

from ..run import note, write_atomically


def get_key(*parts):
    """Return a short text that changes when any of the parts does.

    :param parts: Texts, or paths of files whose content counts.
    :rtype: str
    """
    digest = hashlib.sha256()
    for part in parts:
        content = part.read_bytes() if hasattr(part, "read_bytes") else str(part).encode()
        digest.update(hashlib.sha256(content).digest())
    return digest.hexdigest()[:16]


def is_done(places, name, key):
    """Return whether the step was finished with the same key."""
    stamp = places.stamps / name
    return stamp.is_file() and stamp.read_text(encoding="utf-8") == key


def run_step(places, name, *, key, message, build):
    """Run a step unless it was finished with the same key.

    A step that fails or is interrupted leaves no stamp, so the next run does it again; `build` must cope with what an
    interrupted run left behind.

    :param str name: The name of the step's stamp.
    :param str key: What the result depends on.
    :param str message: What to tell the person at the keyboard.
    :param callable build: Does the work.
    """
    if is_done(places, name, key):
        return
    note(message)
    (places.stamps / name).unlink(missing_ok=True)
    build()
    write_atomically(places.stamps / name, key)


@contextlib.contextmanager
def exclusive(places):
    """Let one set-up at a time change the home."""
    places.home.mkdir(parents=True, exist_ok=True)
    with (places.home / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            note("Another ./dev is setting up; waiting for it.")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield
