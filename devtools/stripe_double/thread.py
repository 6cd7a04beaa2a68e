"""The double inside a process of tests: Odoo ends every process that a test leaves behind, but no thread."""

import functools
import threading

from .client import DoubleClient
from .server import make_double


@functools.cache
def get_double():
    """Return the one double of this process, which is started when it is needed first. It sends no events by itself.

    :rtype: DoubleClient
    """
    server = make_double(0)
    threading.Thread(target=server.serve_forever, name="stripe_double", daemon=True).start()
    return DoubleClient(f"http://{server.host}:{server.port}")
