"""Pytest plugin: the add-on importable as `odoo.addons.service_billing`, with no database behind it."""

import pytest_odoo

from odoo import tools
from odoo.modules.module import initialize_sys_path


def pytest_configure():
    """Read Odoo's configuration and give test modules the names that Odoo gives them."""
    tools.config.parse_config([])
    initialize_sys_path()
    pytest_odoo.support_subtest()
    pytest_odoo.disable_odoo_test_retry()
    pytest_odoo.monkey_patch_resolve_pkg_root_and_module_name()
