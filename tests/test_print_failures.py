import ctypes
import os
import resource
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from unittest.mock import patch

from odoo.addons.service_billing.models.print import chromium, render_slot
from odoo.addons.service_billing.models.print.chromium import open_browser, render_pdf
from odoo.addons.service_billing.models.print.render_error import (
    BrowserMissingError,
    RenderError,
    RenderTimeoutError,
)

from .print_engine_common import NUMBERS, PAPER, PrintCase, make_document, refuse

PR_SET_CHILD_SUBREAPER = 36


class TestFailures(PrintCase):
    def test_nothing_is_left_after_a_print(self):
        self.print_text(make_document("x", footer=NUMBERS))

        self.assert_nothing_left()

    def test_time_is_up(self):
        def dawdle(_url):
            time.sleep(1.2)

        started = time.monotonic()
        with self.assertRaises(RenderTimeoutError):
            render_pdf([make_document("<img src='/slow.png'/>")], PAPER, dawdle, timeout=1)

        self.assertLess(time.monotonic() - started, 5)
        self.assert_nothing_left()

    def test_error_of_the_callback_is_raised(self):
        def fail(_url):
            raise ZeroDivisionError

        with self.assertRaises(ZeroDivisionError):
            render_pdf([make_document("<img src='/x.png'/>")], PAPER, fail)

        self.assert_nothing_left()

    def test_browser_that_is_killed(self):
        def kill(_url):
            for path in Path("/proc").glob("[0-9]*/cmdline"):
                if str(self.folder).encode() in path.read_bytes():
                    os.kill(int(path.parent.name), signal.SIGKILL)

        with self.assertRaises(RenderError):
            render_pdf([make_document("<img src='/x.png'/>")], PAPER, kill)

        self.assert_nothing_left()

    def test_browser_that_does_not_start(self):
        broken = self.folder / "broken"
        broken.write_text("#!/bin/sh\necho out of luck >&2\nexit 1\n")
        broken.chmod(0o755)

        with patch.object(chromium, "BROWSERS", (str(broken),)), self.assertRaisesRegex(RenderError, "out of luck"):
            render_pdf([make_document("x")], PAPER, refuse)

        self.assert_nothing_left()

    def test_no_browser(self):
        with patch.dict(os.environ, PATH=str(self.folder)), self.assertRaises(BrowserMissingError):
            render_pdf([make_document("x")], PAPER, refuse)

    def test_browser_ends_with_a_server_that_is_killed(self):
        script = f"""
import sys, os, time, tempfile
tempfile.tempdir = {str(self.folder)!r}
from odoo.addons.service_billing.models.print.chromium_pipe import ChromiumPipe
pipe = ChromiumPipe({chromium.find_browser()!r}, time.monotonic() + 30).__enter__()
pipe.call("Browser.getVersion")
os.kill(os.getpid(), 9)
"""
        subprocess.run(
            [sys.executable, "-c", script], check=False, env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
        )

        deadline = time.monotonic() + 10
        while self.get_processes() and time.monotonic() < deadline:
            time.sleep(0.1)
        self.assert_nothing_left()

    def test_no_defunct_process_is_left_to_a_server_that_adopts_orphans(self):
        libc = ctypes.CDLL(None)
        libc.prctl(PR_SET_CHILD_SUBREAPER, 1)
        self.addCleanup(libc.prctl, PR_SET_CHILD_SUBREAPER, 0)

        self.print_text(make_document("x"))

        with self.assertRaises(ChildProcessError):
            os.waitpid(-1, os.WNOHANG)


class TestLimits(PrintCase):
    def test_browser_starts_under_the_memory_limit_of_the_server(self):
        limits = resource.getrlimit(resource.RLIMIT_AS)
        self.addCleanup(resource.setrlimit, resource.RLIMIT_AS, limits)
        resource.setrlimit(resource.RLIMIT_AS, (8 << 30, limits[1]))

        [text] = self.print_text(make_document("x"))

        self.assertEqual(text, "x")

    def test_call_waits_for_a_free_slot_and_gives_up_in_time(self):
        with patch.object(render_slot, "SLOTS", 1), open_browser(), self.assertRaises(RenderTimeoutError):
            render_pdf([make_document("x")], PAPER, refuse, timeout=0.3)

    def test_slot_is_free_again_after_a_failure(self):
        with patch.object(render_slot, "SLOTS", 1):
            with self.assertRaises(ZeroDivisionError), open_browser():
                raise ZeroDivisionError

            [text] = self.print_text(make_document("x"))

        self.assertEqual(text, "x")

    def test_many_calls_at_once(self):
        texts = {}

        def run(name):
            texts[name] = self.print_text(make_document(name))

        threads = [threading.Thread(target=run, args=(name,)) for name in "abcdef"]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        self.assertEqual(texts, {name: [name] for name in "abcdef"})
        self.assert_nothing_left()
