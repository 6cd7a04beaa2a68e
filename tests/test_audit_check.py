from odoo.tests import freeze_time, tagged

from odoo.addons.service_billing.models.audit.service_billing_event_check import OTHER, UNSEALED
from odoo.addons.service_billing.models.logic.event_chain import CHANGED, MISSING, UNLINKED, get_hash

from .common_audit import AuditCommon
from .common_jobs import performing_jobs


@tagged("post_install", "-at_install")
class TestAuditCheck(AuditCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.invoice = cls._open_invoice(100.0)
        cls._pay_invoice(cls.invoice, 100.0)
        cls.other = cls._open_invoice(50.0)
        cls._trail(cls.invoice)
        cls.log = cls.env["service.billing.event"].with_user(cls.manager).with_company(cls.company)

    def _seal(self, day="2030-01-10"):
        with freeze_time(f"{day} 02:00:00"), performing_jobs():
            self.env["service.billing.event"]._cron_seal()

    def _assert_broken(self, sequence, reason, record=None, document=None):
        record = record or self.invoice
        self.assertEqual(self.log._find_broken(document)["broken"], (record._name, record.id, sequence, reason))
        notice = self.log.action_check() if not document else None
        self.assertIn(record.name, notice["params"]["message"] if notice else record.name)

    # === INTACT === #

    def test_trail_as_it_was_written_holds(self):
        self.assertEqual(self.log._find_broken(self.invoice), {"events": 2, "documents": 1, "broken": None})
        notice = self._call(self.biller, "service.billing.event", "action_check", [])
        self.assertEqual(notice["params"]["type"], "success")

    def test_company_without_events_is_intact(self):
        self._set_up_second_company()
        log = self.env["service.billing.event"].with_user(self.second_biller)
        log = log.with_context(allowed_company_ids=self.second_company.ids)

        self.assertEqual(log._find_broken(), {"events": 0, "documents": 0, "broken": None})

    # === BROKEN === #

    def test_changed_event_is_named(self):
        self._break("UPDATE service_billing_event SET user_name = 'Nobody' WHERE id = %s", self._trail(self.other).id)

        self._assert_broken(1, CHANGED, self.other)
        self._assert_broken(1, CHANGED, self.other, document=self.other)

    def test_missing_event_is_named(self):
        self._break("DELETE FROM service_billing_event WHERE id = %s", self._trail(self.invoice)[0].id)

        self._assert_broken(1, MISSING)

    def test_event_written_anew_does_not_fit_the_next(self):
        first = self._trail(self.invoice)[0]
        [row] = [row for row in self.log._iterate_rows(self.invoice) if row[2] == 1]
        payload = self.log._get_link((*row[:-1], "{}")).payload
        self._break(
            "UPDATE service_billing_event SET details = '{}', hash = %s WHERE id = %s",
            get_hash("", 1, payload),
            first.id,
        )

        self._assert_broken(2, UNLINKED)

    def test_end_that_is_cut_off_is_found_by_the_seal(self):
        self._seal()
        self._break("DELETE FROM service_billing_event WHERE id = %s", self._trail(self.invoice)[-1].id)

        self.assertIsNone(self.log._find_broken(self.invoice)["broken"])
        self._assert_broken(2, UNSEALED)

    def test_document_changed_in_the_database_is_named(self):
        self.env.cr.execute("UPDATE account_move_line SET price_unit = 1 WHERE move_id = %s", [self.invoice.id])
        self.env.invalidate_all()

        self._assert_broken(1, OTHER, document=self.invoice)

    # === SEALS === #

    def test_seal_names_the_last_event_of_each_document(self):
        self._seal()

        [seal] = self._trail(self.company)
        heads = seal._get_details()["heads"]
        last = self._trail(self.invoice)[-1]
        self.assertIn([last.res_model, last.res_id, last.sequence, last.hash], heads)
        self.assertEqual(self.log._find_broken()["broken"], None)
        self.assertIn(seal.hash, self.log.action_check()["params"]["message"])

    def test_day_is_sealed_once(self):
        self._seal()
        self.env["service.billing.event"]._log("viewed", self.other)
        self._seal()

        self.assertEqual(len(self._trail(self.company)), 1)

    def test_next_seal_names_what_was_added_and_nothing_else(self):
        self._seal()
        with freeze_time("2030-01-10 12:00:00"):
            event = self.env["service.billing.event"]._log("viewed", self.other)
        self._seal("2030-01-11")
        self._seal("2030-01-12")

        seals = self._trail(self.company)
        self.assertEqual(len(seals), 2)
        self.assertEqual(seals[1]._get_details()["heads"], [["account.move", self.other.id, 2, event.hash]])

    # === PRINTED === #

    def test_printed_trail_has_every_event(self):
        report = self.env["ir.actions.report"].with_user(self.biller)
        html = report._render_qweb_html("service_billing.report_audit_trail", self._trail(self.invoice).ids)[0].decode()

        for event in self._trail(self.invoice):
            self.assertIn(event.hash, html)
        self.assertIn(self.invoice.name, html)

    def test_exports_belong_to_one_document(self):
        log = self.log.with_context(billing_document_model="account.move", billing_document_id=self.invoice.id)

        self.assertEqual(log.action_export_pdf()["context"]["active_ids"], self._trail(self.invoice).ids)
        for export in (self.log.action_export_pdf, self.log.action_export_json):
            with self._refused():
                export()
