from psycopg2 import IntegrityError

from odoo import SUPERUSER_ID
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.service_billing.hooks import uninstall_hook

from .common_audit import AuditCommon

CHANGES = (
    "UPDATE service_billing_event SET details = '{}'",
    "DELETE FROM service_billing_event",
    "TRUNCATE service_billing_event CASCADE",
)


@tagged("post_install", "-at_install")
class TestAuditDatabase(AuditCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.event = cls._trail(cls._open_invoice(100.0))

    def _assert_guarded(self):
        for change in CHANGES:
            with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                self.env.cr.execute(change)

    def test_database_refuses_every_change(self):
        self._assert_guarded()

    def test_upgrade_keeps_the_guard_and_the_events(self):
        before = self.event.read()

        self.registry.init_models(self.env.cr, ["service.billing.event"], {"module": "service_billing"}, install=False)

        self._assert_guarded()
        self.assertEqual(self.event.read(), before)

    def test_uninstalling_lets_go_of_the_table(self):
        uninstall_hook(self.env(user=SUPERUSER_ID))

        for change in CHANGES:
            self.env.cr.execute(change)
        self.env.cr.execute("SELECT 1 FROM pg_proc WHERE proname = 'service_billing_append_only'")
        self.assertFalse(self.env.cr.fetchall())

    def test_table_points_at_no_other(self):
        """A foreign key would be changed when users are deleted or customers merged."""
        self.env.cr.execute(
            "SELECT conname FROM pg_constraint WHERE conrelid = 'service_billing_event'::regclass AND contype = 'f'"
        )

        self.assertFalse(self.env.cr.fetchall())
