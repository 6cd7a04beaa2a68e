"""A busy server does not hear that it is asked to run a job, and nothing else is to be done until tomorrow: the job is
run all the same, soon.
"""

from ..run import say
from .crash import Site
from .odoo_shell import run_script

# Nothing else happens that would wake the job runner: it has one job for tomorrow.
PREPARE = """
from datetime import timedelta
wake = env.ref("service_billing.ir_cron_wake_runner")
env["ir.cron"].search([("id", "!=", wake.id)]).active = False
env["queue.job"].search([("state", "=", "pending")]).button_cancelled()
subscription = env["service.subscription"].search([], limit=1)
subscription.with_delay(channel="root.service_billing", eta=timedelta(days=1))._job_remind()
env.cr.commit()
"""
LOSE = """
subscription = env["service.subscription"].search([], limit=1)
job = subscription.with_delay(channel="root.service_billing", description="Lost")._job_remind()
env.cr.execute(
    "UPDATE queue_job SET state = 'enqueued', date_enqueued = now() AT TIME ZONE 'utc' WHERE uuid = %s", [job.uuid]
)
env.cr.commit()
"""
DONE = "SELECT count(*) FROM queue_job WHERE name = 'Lost' AND state = 'done'"


def play(machine, database):
    """Lose a job on the way from the job runner to the server, and wait until it is run.

    :param Machine machine: A machine that is set up.
    :param str database: A demo database, whose scheduled actions are switched off.
    :raise AssertionError: If it is not run.
    """
    site = Site(machine, database)
    run_script(machine, database, PREPARE)
    with site.serve():
        run_script(machine, database, LOSE)
        site.wait_for(DONE, 1)
    say("Lost job: the server did not hear of it, and ran it all the same.")
