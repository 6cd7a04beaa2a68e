"""Pytest plugin: keeps the firm of most test classes in the database, so that not every class makes it."""

from importlib import import_module

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tests.common import get_db_name


def pytest_sessionstart():
    """Make the firm before the tests; a database that was kept has it already."""
    with Registry(get_db_name()).cursor() as cursor:
        tests = import_module("odoo.addons.service_billing.tests.common")
        tests.ServiceBillingCommon.prepare_firm(api.Environment(cursor, SUPERUSER_ID, {}))
