import contextlib
import io
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from odoo.tests import BaseCase

from odoo.addons.service_billing.devtools.commands.test import is_left_over
from odoo.addons.service_billing.devtools.run import call_side_by_side, running
from odoo.addons.service_billing.devtools.testing.sharing import claim, sort_bundles

FILES = {
    "test_a.py": "def test_one(): pass\ndef test_two(): pass\n",
    "test_b.py": "def test_fails(): assert False\n",
    "test_c_tours.py": "def test_browser(): pass\n",
    "test_d_tours.py": "def test_browser(): pass\n",
}


class TestBundles(BaseCase):
    def _sort(self, *names, slow=()):
        return sort_bundles(
            [(f"test_{name}.py", False) for name in names] + [(f"test_{name}.py", True) for name in slow]
        )

    def test_files_with_browsers_are_one_bundle(self):
        self.assertEqual(
            self._sort("a", "d_tours", "print_b", "c_tours"),
            [["test_c_tours.py", "test_d_tours.py"], ["test_print_b.py"], ["test_a.py"]],
        )

    def test_files_that_take_long_come_first(self):
        self.assertEqual(self._sort("a", "b", "b", slow=["c"]), [["test_c.py"], ["test_b.py"], ["test_a.py"]])

    def test_no_test_makes_no_bundle(self):
        self.assertEqual(self._sort(), [])

    def test_name_is_claimed_once(self):
        with tempfile.TemporaryDirectory() as folder:
            self.assertTrue(claim(Path(folder), "test_a.py"))
            self.assertFalse(claim(Path(folder), "test_a.py"))


class TestSideBySide(BaseCase):
    def setUp(self):
        super().setUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        (self.folder / "claims").mkdir()
        for name, text in FILES.items():
            (self.folder / name).write_text(text, encoding="utf-8")

    def _run(self, *arguments):
        options = ["-p", "devtools.testing.sharing", "-o", "cache_dir=cache", *arguments]
        claims = str(self.folder / "claims")
        env = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "SERVICE_BILLING_CLAIMS": claims}
        command = [sys.executable, "-m", "pytest", "-v", *options, *FILES]
        return subprocess.run(command, cwd=self.folder, env=env, capture_output=True, text=True, check=False)

    def test_each_test_runs_in_one_of_the_processes(self):
        (self.folder / "claims" / "test_a.py").touch()

        run = self._run()

        self.assertRegex(run.stdout, "1 failed, 2 passed")
        self.assertNotIn("test_a.py::", run.stdout)

    def test_process_that_finds_nothing_left_to_do_is_no_failure(self):
        for name in FILES:
            (self.folder / "claims" / name).touch()

        self.assertEqual(self._run().returncode, 0)

    def test_failures_of_other_processes_stay_noted(self):
        noted = self.folder / "cache" / "v" / "cache" / "lastfailed"
        noted.parent.mkdir(parents=True)
        noted.write_text(json.dumps({"test_a.py::test_one": True, "test_c_tours.py::test_browser": True}))
        (self.folder / "claims" / "test_a.py").touch()

        self._run()

        self.assertEqual(list(json.loads(noted.read_text())), ["test_a.py::test_one", "test_b.py::test_fails"])

    def test_first_failure_ends_the_process_if_asked_for(self):
        run = self._run("--exitfirst")

        self.assertRegex(run.stdout, "stopping after 1 failures")
        self.assertEqual(run.returncode, 1)

    def test_programs_run_together_and_their_lines_are_told_apart(self):
        with contextlib.redirect_stdout(io.StringIO()) as output:
            statuses = call_side_by_side([["sh", "-c", "echo a; echo b >&2"], ["sh", "-c", "echo c; exit 3"]])

        self.assertEqual(statuses, [0, 3])
        self.assertCountEqual(output.getvalue().splitlines(), ["1| a", "1| b", "2| c"])

    def test_program_that_runs_meanwhile_may_finish(self):
        with tempfile.TemporaryFile() as output:
            with running(["sh", "-c", "echo a; echo b >&2; exit 3"], stdout=output) as process:
                pass
            output.seek(0)

            self.assertEqual((process.returncode, output.read()), (3, b"a\nb\n"))


class TestLeftOvers(BaseCase):
    def test_databases_of_this_run_and_of_people_stay(self):
        for name in (f"sb_test_{os.getpid()}_1", "sb_test_mine", "sb_test_1_1_x", "sb_demo"):
            self.assertFalse(is_left_over(name), name)

    def test_databases_of_a_run_that_was_killed_are_left_over(self):
        self.assertTrue(is_left_over("sb_test_99999999_2"))
