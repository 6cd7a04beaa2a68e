"""One run of the tests: pytest without and with databases, the scenario; one result."""

import collections
import contextlib
import json
import os
import subprocess

from .addon_databases import ensure_template
from .run import call, call_side_by_side, note, running, say
from .setup.browser import get_missing_sentence

PLUGINS = "devtools.testing"
NO_TEST_SELECTED = 5
# What a whole run says about the tests that took longest.
SLOWEST = "--durations=25"
# How much of what a failed scenario said is said again at the end, in characters.
LAST_WORDS = 2000


class TestRun:
    """Runs the parts, adds up what they report.

    :param Machine machine: A machine whose programs are set up.
    :param list[str] arguments: For pytest.
    :param Path folder: An empty folder for what the parts measure.
    :param bool is_whole: Whether every test is wanted: then coverage is measured.
    """

    def __init__(self, machine, arguments, *, folder, is_whole):
        self.machine = machine
        self.places = machine.places
        self.arguments = arguments
        self.is_whole = is_whole
        self.status = 0
        self.counts = collections.Counter()
        self.failed = []
        self.folder = folder
        self.outcomes = folder / "outcomes"
        self.claims = folder / "claims"
        self.lines = folder / "lines"

    # === PARTS === #

    def run_without_database(self, files):
        """Run the test files that need no database."""
        say("Tests without a database.")
        command = self._get_pytest(files, "-p", "no:odoo", "-p", f"{PLUGINS}.without_database")
        self._add_up(call(command, **self._get_options()))

    def run_on_databases(self, files, databases):
        """Run the test files that need Odoo, browser tests included; on several databases side by side."""
        say("Tests on a database, and in Chromium.")
        sharing = ["-p", f"{PLUGINS}.sharing", "-o", "console_output_style=classic"] if len(databases) > 1 else []
        plugins = [option for name in ("browser", "firm", "garbage") for option in ("-p", f"{PLUGINS}.{name}")]
        options = ["--odoo-http", *plugins, *sharing]
        commands = [self._get_pytest(files, f"--odoo-database={database}", *options) for database in databases]
        if sharing:
            self._add_up(*call_side_by_side(commands, **self._get_options()))
        else:
            self._add_up(call(commands[0], **self._get_options()))

    @contextlib.contextmanager
    def playing_scenario(self):
        """Play the scenario meanwhile, and wait for its end: much of its time it waits for pages and jobs. It counts as
        one test; what it says is printed when it is over."""
        ensure_template(self.machine)
        odoo, output = self.machine.odoo, self.folder / "scenario"
        with (
            output.open("wb") as file,
            running(
                odoo.get_tool("devtools.scenario"), cwd=self.places.own, env=odoo.get_env(), stdout=file
            ) as process,
        ):
            yield
            failed = process.wait()
        told = output.read_text(encoding="utf-8", errors="replace").strip()
        say(f"Scenario.\n{told}")
        self.counts["failed" if failed else "passed"] += 1
        self.failed += [f"The scenario:\n{told[-LAST_WORDS:]}"] if failed else []
        self.status = self.status or failed

    # === RESULT === #

    def conclude(self):
        """Print what failed, the sums and the coverage, and return the exit status.

        :return: Zero when tests ran and none failed; in CI also only when browser tests ran.
        :rtype: int
        """
        self._check_browser()
        coverage = self._get_coverage() if self.is_whole else ""
        counts = self.counts
        if not counts["passed"] + counts["failed"] + self.status:
            self.status = NO_TEST_SELECTED
        if self.failed:
            say("\n".join(["\nFailed:", *self.failed]))
        say(f"\n{counts['passed']} passed, {counts['failed']} failed, {counts['skipped']} skipped")
        if coverage:
            say(coverage)
        return self.status

    def _check_browser(self):
        missed, ran = self.counts["browser_missed"], self.counts["browser_ran"]
        if missed:
            note(f"{missed} browser tests did not run. {get_missing_sentence()}".strip())
        elif self.is_whole and not ran:
            note("No browser test ran.")
        if os.environ.get("CI") and self.is_whole and (missed or not ran):
            note("Without its browser tests this run fails.")
            self.status = self.status or 1

    def _get_coverage(self):
        """Return one line with the share of the add-on's lines that the tests ran."""
        total = self.folder / "lines.json"
        command = [self.places.python, "-m", "slipcover", "--merge", *sorted(self.lines.iterdir()), "--out", total]
        table = subprocess.run([*command, "--skip-covered"], capture_output=True, text=True, check=False)
        if table.returncode:
            return "Coverage of the add-on: not measured."
        say(f"\n{table.stdout.strip()}")
        share = json.loads(total.read_text(encoding="utf-8"))["summary"]["percent_covered"]
        return f"Coverage of the add-on: {share:.1f} % of its lines"

    # === PROGRAMS === #

    def _get_pytest(self, files, *options):
        """Return the command line that runs test files.

        :rtype: list[str]
        """
        linked = [str(self.places.addon / os.path.relpath(file, self.places.checkout)) for file in files]
        whole = ["-p", f"{PLUGINS}.lines", SLOWEST] if self.is_whole else []
        usual = ["-p", f"{PLUGINS}.outcome", "-o", f"cache_dir={self.places.own / 'pytest_cache'}"]
        return [str(self.places.python), "-m", "pytest", *usual, *whole, *options, *self.arguments, *linked]

    def _get_options(self):
        """Return where pytest runs, and with what environment."""
        for folder in (self.outcomes, self.claims, self.lines):
            folder.mkdir(exist_ok=True)
        env = self.machine.odoo.get_env(
            ODOO_QUEUE_JOB_CHANNELS="root:0",
            SERVICE_BILLING_OUTCOME=str(self.outcomes),
            SERVICE_BILLING_CLAIMS=str(self.claims),
            SERVICE_BILLING_LINES=str(self.lines),
        )
        return {"cwd": self.places.own, "env": env}

    def _add_up(self, *statuses):
        """Add what the finished pytests counted, and remember what failed."""
        for file in self.outcomes.iterdir():
            outcome = json.loads(file.read_text(encoding="utf-8"))
            self.counts.update(outcome["counts"])
            self.failed += outcome["failed"]
            file.unlink()
        for status in statuses:
            if status != NO_TEST_SELECTED:
                self.status = self.status or status
