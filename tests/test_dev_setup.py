import os
import tempfile
from pathlib import Path

from odoo.tests import BaseCase

from odoo.addons.service_billing.devtools.errors import CommandError
from odoo.addons.service_billing.devtools.places import Places, check_series
from odoo.addons.service_billing.devtools.run import describe_failure, run_logged, write_atomically
from odoo.addons.service_billing.devtools.setup.odoo_source import is_wanted
from odoo.addons.service_billing.devtools.setup.postgres import LONGEST_SOCKET_PATH, get_socket_folder
from odoo.addons.service_billing.devtools.setup.python_env import REQUIREMENTS, check_python
from odoo.addons.service_billing.devtools.setup.steps import get_key, run_step


class DevCase(BaseCase):
    """A folder of its own for each test."""

    def setUp(self):
        super().setUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)


class TestSteps(DevCase):
    def setUp(self):
        super().setUp()
        self.places = Places(self.folder)
        self.built = []

    def _run_step(self, key, build=None):
        run_step(self.places, "step", key=key, message="", build=build or (lambda: self.built.append(key)))

    def test_finished_step_does_not_run_again(self):
        self._run_step("one")
        self._run_step("one")

        self.assertEqual(self.built, ["one"])

    def test_step_runs_again_when_its_key_changes(self):
        self._run_step("one")
        self._run_step("two")

        self.assertEqual(self.built, ["one", "two"])

    def test_failed_step_runs_again_although_it_was_finished_before(self):
        def fail():
            raise CommandError("No.")

        self._run_step("one")
        with self.assertRaises(CommandError):
            self._run_step("two", fail)
        self._run_step("one")

        self.assertEqual(self.built, ["one", "one"])

    def test_key_follows_content_and_borders_of_its_parts(self):
        file = self.folder / "file"
        file.write_text("a", encoding="utf-8")
        before = get_key(file)
        file.write_text("b", encoding="utf-8")

        self.assertNotEqual(get_key(file), before)
        self.assertNotEqual(get_key("ab", "c"), get_key("a", "bc"))


class TestFailures(DevCase):
    def test_failed_program_is_one_sentence_that_names_its_log(self):
        log = self.folder / "logs" / "program.log"

        with self.assertRaisesRegex(CommandError, f"^It did not work; what the program said is in {log}\\.$"):
            run_logged(["sh", "-c", "echo reason; exit 3"], log=log, failure="It did not work")

        self.assertEqual(log.read_text(encoding="utf-8"), "reason\n")

    def test_missing_program_is_named(self):
        with self.assertRaisesRegex(CommandError, "^It did not work: the program no-such-program is not there\\.$"):
            run_logged(["no-such-program"], log=self.folder / "log", failure="It did not work")

    def test_full_disk_is_told_from_other_failures(self):
        log = self.folder / "log"
        log.write_text("E: write error - write (28: No space left on device)", encoding="utf-8")

        self.assertRegex(describe_failure("It did not work", log), "the disk is full; make room and start again")

    def test_file_that_cannot_be_written_whole_keeps_its_content(self):
        file = self.folder / "file"
        write_atomically(file, "old")

        with self.assertRaises(UnicodeEncodeError):
            write_atomically(file, "new \ud800")

        self.assertEqual(file.read_text(encoding="utf-8"), "old")


class TestPlaces(DevCase):
    def _make_odoo(self, version_info):
        release = self.folder / "odoo" / "release.py"
        release.parent.mkdir()
        release.write_text(f"version_info = {version_info}\n", encoding="utf-8")

    def test_source_of_the_right_series_is_accepted(self):
        self._make_odoo("(19, 0, 0, FINAL, 0, '')")

        check_series(self.folder)

    def test_source_of_another_series_is_refused(self):
        self._make_odoo("(18, 0, 0, FINAL, 0, '')")

        with self.assertRaisesRegex(CommandError, "which is not Odoo 19.0"):
            check_series(self.folder)

    def test_folder_without_odoo_is_refused(self):
        with self.assertRaisesRegex(CommandError, "there is no odoo/release.py in it"):
            check_series(self.folder)

    def test_checkouts_share_a_home_but_not_their_link(self):
        one, other = (Places(self.folder, checkout=Path(f"/somewhere/{name}")) for name in ("one", "other"))

        self.assertEqual(one.venv, other.venv)
        self.assertNotEqual(one.addon, other.addon)

    def test_socket_path_stays_short_for_a_home_with_a_long_name(self):
        short, long = Path("/var/cache/service_billing"), Path("/", *["a" * 40] * 3)

        self.assertEqual(get_socket_folder(short), short / "run")
        for home in (short, long):
            self.assertLessEqual(len(os.fsencode(get_socket_folder(home) / ".s.PGSQL.5432")), LONGEST_SOCKET_PATH)


class TestPrograms(BaseCase):
    def test_python_outside_the_supported_versions_is_refused(self):
        for version in ((3, 10, 0), (3, 13, 9)):
            check_python(version)
        for version in ((3, 9, 18), (3, 14, 0)):
            with self.assertRaisesRegex(CommandError, f"This is Python 3.{version[1]};"):
                check_python(version)

    def test_every_python_package_is_pinned(self):
        for file in REQUIREMENTS.glob("*.txt"):
            lines = [line for line in file.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
            for line in lines:
                self.assertRegex(line, r"^[\w.-]+==[\w.]+( ; python_version < \"3\.11\")?$", file.name)

    def test_only_wanted_files_of_the_odoo_package_are_unpacked(self):
        package = "usr/lib/python3/dist-packages/"
        wanted = ["odoo/addons/web/i18n/es_MX.po", "odoo/addons/web/static/description/icon.png", "odoo/http.py"]
        unwanted = [
            "odoo/addons/web/i18n/th.po",
            "odoo/addons/web/i18n/web.pot",
            "odoo/addons/web/static/description/index.html",
            "addons/web/__init__.py",
        ]

        self.assertEqual([name for name in wanted + unwanted if is_wanted(package + name)], wanted)
