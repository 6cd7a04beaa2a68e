"""Odoo as a program: its configuration, its environment, its command line."""

import configparser
import io
import os
from pathlib import Path

from .errors import CommandError
from .run import call, run_logged, write_atomically

SETTINGS = Path(__file__).resolve().parent / "settings"
PROGRAM = Path(__file__).resolve().parent / "bin" / "odoo-bin"


class Odoo:
    """Runs Odoo on the databases of one server.

    :param Places places: Where Odoo, its configuration and its logs are.
    :param Postgres postgres: The database server.
    """

    def __init__(self, places, postgres):
        self.places = places
        self.postgres = postgres

    def write_config(self):
        """Write the configurations, and the link that gives the checkout the add-on's name."""
        places = self.places
        places.addons.mkdir(parents=True, exist_ok=True)
        if not places.addon.is_symlink():
            places.addon.symlink_to(places.checkout, target_is_directory=True)
        write_atomically(places.config, self._get_config("development"))
        write_atomically(places.production_config, self._get_config("production"))

    def _get_config(self, name):
        """Return the settings of that name with the paths of this machine."""
        config = configparser.RawConfigParser()
        config.read(SETTINGS / f"{name}.conf", encoding="utf-8")
        config["options"]["addons_path"] = ",".join(map(str, self.places.get_addons_path()))
        config["options"]["data_dir"] = str(self.places.data)
        text = io.StringIO()
        config.write(text)
        return text.getvalue()

    def get_env(self, **extra):
        """Return the environment in which Odoo, its tests and its tools run.

        :param str extra: Further variables.
        :rtype: dict
        """
        return {
            **os.environ,
            **self.postgres.get_env(),
            "PATH": f"{self.places.venv / 'bin'}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": f"{self.places.odoo_path}{os.pathsep}{self.places.checkout}",
            "PYTHONPYCACHEPREFIX": str(self.places.home / "pycache"),
            "ODOO_RC": str(self.places.config),
            "SERVICE_BILLING_HOME": str(self.places.home),
            **extra,
        }

    def get_command(self, *arguments):
        """Return the command line of Odoo with our configuration.

        :param str arguments: A sub-command such as `server` or `shell`, then its options.
        :rtype: list[str]
        """
        return [str(self.places.python), str(PROGRAM), *arguments]

    def run(self, *options, log, failure):
        """Run the server until it ends by itself, its output in a log file.

        :param str options: Of the server, such as `-i`.
        :param str log: The name of the log.
        :param str failure: What to say when it fails, without a full stop.
        :raise CommandError: If it fails, or could not load demo data.
        """
        path = self.places.logs / f"{log}.log"
        run_logged(
            self.get_command("server", *options, "--stop-after-init", "--no-http"),
            log=path,
            failure=failure,
            cwd=self.places.own,
            env=self.get_env(),
        )
        if "demo data failed to install" in path.read_text(encoding="utf-8", errors="replace"):
            raise CommandError(f"{failure}: the demo data has an error; what Odoo said is in {path}.")

    def call(self, command):
        """Run a program in Odoo's environment, with the terminal's input and output.

        :param list[str] command: Such as `get_command` returns.
        :return: Its exit status.
        :rtype: int
        """
        return call(command, cwd=self.places.own, env=self.get_env())

    def become(self, command):
        """Replace this process by a program in Odoo's environment, so that every signal is the program's own.

        :param list[str] command: Such as `get_command` returns.
        """
        os.chdir(self.places.own)
        os.execve(command[0], command, self.get_env())

    def get_tool(self, module, arguments=()):
        """Return the command line of one of our packages that need the virtual environment.

        :param str module: Such as `devtools.bench`.
        :rtype: list[str]
        """
        return [str(self.places.python), "-m", module, *arguments]
