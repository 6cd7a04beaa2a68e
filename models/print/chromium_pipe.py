"""One short-lived headless Chromium, spoken to over a pipe. Standard library only."""

import contextlib
import json
import os
import selectors
import signal
import subprocess
import tempfile
import time

from .render_error import RenderError, RenderTimeoutError

# Chromium reserves terabytes of address space, so it must not inherit a soft limit on it. A shell lifts the limit
# because `preexec_fn` is unsafe in a threaded server; the pipes come in as 0 and 1 because dash knows no descriptor
# above 9. The browser ends when its pipes do, as when the server is killed; then the shell removes the profile, `$0`.
LAUNCHER = 'ulimit -S -v "$(ulimit -H -v)"; "$@" 3<&0 4>&1 0</dev/null 1>/dev/null; rm -rf "$0"'
FLAGS = (
    "--headless",
    "--remote-debugging-pipe",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--disable-background-networking",
    "--disable-breakpad",
    "--disable-component-update",
    "--disable-crash-reporter",
    "--disable-default-apps",
    "--disable-dev-shm-usage",
    "--disable-extensions",
    "--disable-features=HttpsUpgrades,OptimizationHints,Translate",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--font-render-hinting=none",
    "--hide-scrollbars",
    "--mute-audio",
    "--no-default-browser-check",
    "--no-first-run",
    "--no-pings",
)
CHUNK_SIZE = 1 << 20


class ChromiumPipe:
    """A browser process and the protocol spoken with it.

    A context manager: on leaving it, for whatever reason, the process group is killed and the profile removed.

    :param str binary: path of the browser
    :param float deadline: value of `time.monotonic()` after which everything raises `RenderTimeoutError`
    """

    def __init__(self, binary, deadline):
        self.on_event = None
        self.deadline = deadline
        self._binary = binary
        self._stack = contextlib.ExitStack()
        self._unread = b""
        self._messages = []
        self._last_id = 0

    def __enter__(self):
        with self._stack as stack:
            self._profile = stack.enter_context(
                tempfile.TemporaryDirectory(prefix="chromium_print_", ignore_cleanup_errors=True)
            )
            self._log = stack.enter_context(open(os.path.join(self._profile, "stderr.log"), "w+b"))
            self._process = self._start()
            stack.callback(self._end)
            self._selector = stack.enter_context(selectors.DefaultSelector())
            self._selector.register(self._process.stdout, selectors.EVENT_READ)
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *exc_info):
        self._stack.close()

    def call(self, method, *, session=None, **params):
        """Send a command and wait for its reply; events that come in meanwhile go to `on_event`.

        :return: the reply's result
        :rtype: dict
        :raise RenderError: If the browser refuses the command, ends, or the deadline passes.
        """
        call_id = self.send(method, session=session, **params)
        while (message := self._next_message()).get("id") != call_id:
            self._dispatch(message)
        if "error" in message:
            raise RenderError(f"{method}: {message['error'].get('message')}")
        return message["result"]

    def send(self, method, *, session=None, **params):
        """Send a command without waiting for its reply.

        :return: the command's id
        :rtype: int
        """
        self._last_id += 1
        message = {"id": self._last_id, "method": method, "params": params}
        if session:
            message["sessionId"] = session
        self._write(json.dumps(message).encode() + b"\0")
        return self._last_id

    def wait_event(self):
        """Wait for one more message and hand it to `on_event`."""
        self._dispatch(self._next_message())

    def kill(self):
        """End the browser and do not wait for its end, which takes a moment; leaving the context does."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)

    def _start(self):
        flags = [*FLAGS, f"--user-data-dir={self._profile}"]
        if os.geteuid() == 0:
            flags.append("--no-sandbox")  # as root Chromium refuses to start with it
        process = subprocess.Popen(
            ["/bin/sh", "-c", LAUNCHER, self._profile, self._binary, *flags, "about:blank"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            bufsize=0,
            cwd=self._profile,
            env={"PATH": os.defpath, "HOME": self._profile, "TMPDIR": self._profile, "LANG": "C.UTF-8"},
            start_new_session=True,
        )
        os.set_blocking(process.stdin.fileno(), False)
        return process

    def _end(self):
        self.kill()
        with self._process:  # closes the pipes and waits
            pass
        # Where the server is the first process of a container, the browser's orphans are its children now.
        with contextlib.suppress(ChildProcessError):
            while True:
                os.waitpid(-self._process.pid, 0)

    def _dispatch(self, message):
        if "method" in message and self.on_event:
            self.on_event(message["method"], message["params"])

    def _next_message(self):
        while not self._messages:
            self._wait()
            self._read()
        return self._messages.pop(0)

    def _write(self, data):
        self._selector.register(self._process.stdin, selectors.EVENT_WRITE)
        unsent = memoryview(data)
        while unsent:
            ready = self._wait()
            if self._process.stdout in ready:
                self._read()
            if self._process.stdin in ready:
                unsent = unsent[self._write_some(unsent) :]
        self._selector.unregister(self._process.stdin)

    def _write_some(self, data):
        try:
            return self._process.stdin.write(data) or 0
        except BrokenPipeError:
            raise self._ended() from None

    def _wait(self):
        remaining = self.deadline - time.monotonic()
        ready = [key.fileobj for key, _events in self._selector.select(remaining)] if remaining > 0 else []
        if not ready:
            raise RenderTimeoutError("The browser did not answer in time.")
        return ready

    def _read(self):
        chunk = os.read(self._process.stdout.fileno(), CHUNK_SIZE)
        if not chunk:
            raise self._ended()
        *complete, self._unread = (self._unread + chunk).split(b"\0")
        self._messages.extend(map(json.loads, complete))

    def _ended(self):
        self._log.seek(0)
        last_words = self._log.read()[-1000:].decode(errors="replace")
        return RenderError(f"The browser ended unexpectedly. {last_words}")
