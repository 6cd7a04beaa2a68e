"""The worker's side: opens a database, reads a task a line from standard input, answers with a line."""

import json
import os
import sys

from odoo import api
from odoo.modules.registry import Registry
from odoo.tools import config

from . import bulk_tasks, list_tasks, online_tasks, page_tasks, tasks

ADMIN = 2
TASKS = {**vars(tasks), **vars(bulk_tasks), **vars(list_tasks), **vars(online_tasks), **vars(page_tasks)}


def serve(database):
    """Run the tasks that arrive until standard input ends."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    config.parse_config(["-d", database, "--log-level", "error"])
    registry = Registry(database)
    for line in sys.stdin:
        request = json.loads(line)
        with registry.cursor() as cursor:
            env = api.Environment(cursor, ADMIN, {"tracking_disable": False})
            result = TASKS[request["task"]](env, **request["arguments"])
            cursor.rollback()
        print(json.dumps(result), file=answers, flush=True)


if __name__ == "__main__":
    serve(sys.argv[1])
