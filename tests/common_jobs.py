from contextlib import contextmanager

from odoo.addons.queue_job.tests.common import trap_jobs


@contextmanager
def performing_jobs():
    """Perform what is enqueued inside, and what that enqueues in turn, when the block ends."""
    with trap_jobs() as trap:
        yield trap
        while trap.enqueued_jobs:
            trap.perform_enqueued_jobs()
