"""A process of its own for each database, so that neither side loads the other's code."""

import json
import subprocess
import sys


class Worker:
    """Runs tasks of `devtools.bench.tasks` on one database, one at a time.

    :param str database: The database, which stays as it is: each task is rolled back unless it prepares data.
    """

    def __init__(self, database):
        self.database = database

    def __enter__(self):
        self._process = subprocess.Popen(
            [sys.executable, "-m", "devtools.bench.task_server", self.database],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        return self

    def __exit__(self, *exc_info):
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()

    def run(self, task, **arguments):
        """Run a task and return what it measured.

        :param str task: The name of a function in `devtools.bench.tasks`.
        :return: `{'seconds': float, 'queries': int, ...}`
        :rtype: dict
        :raise RuntimeError: If the task failed; its traceback is on standard error.
        """
        print(json.dumps({"task": task, "arguments": arguments}), file=self._process.stdin, flush=True)
        answer = self._process.stdout.readline()
        if not answer:
            raise RuntimeError(f"{task} failed on {self.database}")
        return json.loads(answer)
