"""A limit on how many browsers run at once on this machine, whatever process or thread starts them."""

import contextlib
import fcntl
import os
import tempfile
import time

from .render_error import RenderTimeoutError

# A browser takes about 240 MB and more than one core.
SLOTS = max(2, os.cpu_count() or 1)
POLL_SECONDS = 0.05


@contextlib.contextmanager
def render_slot(deadline):
    """Hold one of the slots; wait until one is free. The system frees the slot of a process that dies.

    :param float deadline: value of `time.monotonic()` after which waiting ends
    :raise RenderTimeoutError: If no slot becomes free in time.
    """
    with contextlib.ExitStack() as stack:
        files = [stack.enter_context(_open_slot(number)) for number in range(SLOTS)]
        while not any(map(_try_lock, files)):
            if time.monotonic() > deadline:
                raise RenderTimeoutError("Other documents are being printed.")
            time.sleep(POLL_SECONDS)
        yield


def _open_slot(number):
    path = os.path.join(tempfile.gettempdir(), f"chromium_print_{os.geteuid()}_{number}.lock")
    return os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600), "wb")


def _try_lock(file):
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
