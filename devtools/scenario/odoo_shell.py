"""Scripts that run in an Odoo shell, on a database that may be served at the same time."""

import subprocess


def run_script(machine, database, script, *, env=None):
    """Run a script with `env` as the superuser; what it changes stays only if it commits.

    :param Machine machine: A machine that is set up.
    :param str database: The database.
    :param str script: The script.
    :param dict env: Further variables of its environment.
    :raise AssertionError: If the script failed: the last line of what Odoo said.
    """
    command = machine.odoo.get_command("shell", "-d", database, "--no-http", "--log-level=error")
    result = subprocess.run(
        command,
        input=script,
        capture_output=True,
        text=True,
        check=False,
        cwd=machine.places.own,
        env=machine.odoo.get_env(**(env or {})),
    )
    assert not result.returncode, result.stderr.strip().rsplit("\n", 1)[-1]
