"""Pytest plugin: counts the tests that drove a browser, and those that could not; spares them slow first pages."""

import unittest

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tests import common

from .outcome import COUNTS

SECONDS_FOR_A_TURN = 300


class CountedBrowser(common.ChromeBrowser):
    """A browser whose start is counted, because Odoo skips a test in silence when it fails."""

    def __init__(self, *args, **kwargs):
        try:
            super().__init__(*args, **kwargs)
        except unittest.SkipTest:
            COUNTS["browser_missed"] += 1
            raise
        COUNTS["browser_ran"] += 1


def pytest_configure():
    """Have every browser of a test counted. Requests of a page wait for each other, on a busy machine for long."""
    common.ChromeBrowser = CountedBrowser
    common.BaseCase.test_cursor_lock_timeout = SECONDS_FOR_A_TURN


def pytest_sessionstart():
    """Make scripts and style sheets before the tests, so that no page waits until another page has made them."""
    with Registry(common.get_db_name()).cursor() as cursor:
        api.Environment(cursor, SUPERUSER_ID, {})["ir.qweb"]._pregenerate_assets_bundles()
