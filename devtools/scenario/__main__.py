"""`python -m devtools.scenario [--pictures FOLDER]`: play the stories on a demo database of their own."""

import argparse
import os
import sys
from pathlib import Path

from playwright.sync_api import Error as BrowserError, sync_playwright

from ..addon_databases import create_demo
from ..errors import CommandError
from ..machine import Machine
from ..run import note, say
from ..server import get_free_port, serving
from ..stripe_double.demo import demo_double
from . import biller, crash, ledger, lost_job, month_end, online, online_crash, technician
from .browser import open_browser
from .mailbox import receiving

DATABASE = "sb_scenario_{}"


def main(arguments):
    """Play the stories, kill the server where it hurts, and check the ledger.

    :return: 0 when every step worked and the ledger is right, else 1.
    """
    machine = Machine()
    parser = argparse.ArgumentParser(prog="dev scenario", description="Drive the whole story in Chromium.")
    parser.add_argument("--pictures", type=Path, default=machine.places.home / "scenario", help="where they go")
    options = parser.parse_args(arguments)
    options.pictures.mkdir(parents=True, exist_ok=True)
    database = DATABASE.format(os.getpid())
    try:
        create_demo(machine, database)
        _play(machine, database, options.pictures)
        crash.play(machine, database)
        online_crash.play(machine, database)
        lost_job.play(machine, database)
        ledger.check_books(machine, database)
    except (CommandError, BrowserError, AssertionError) as error:
        note(f"The scenario failed: {error}")
        return 1
    finally:
        machine.databases.drop(database)
    say(f"The scenario passed; its pictures are in {options.pictures}.")
    return 0


def _play(machine, database, pictures):
    port = get_free_port()
    log = machine.places.logs / "scenario.log"
    with (
        log.open("wb") as output,
        receiving(pictures) as (mailbox, mail_options),
        demo_double(machine, database, port=port) as (_double, env),
        serving(machine, database, port=port, output=output, options=mail_options, env=env),
        sync_playwright() as play,
        open_browser(play, port, pictures) as browser,
    ):
        order = technician.close_order(browser)
        biller.bill_order(browser, order)
        biller.credit_line(browser)
        ledger.check_story(machine, database)
        month_end.bill_month(browser, machine, database)
        online.play(browser, machine, database, mailbox)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
