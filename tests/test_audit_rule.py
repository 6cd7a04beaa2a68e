from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.queue_job.tests.common import trap_jobs

from .common_audit import AuditCommon
from .common_jobs import performing_jobs


@tagged("post_install", "-at_install")
class TestAuditRule(AuditCommon):
    """Automation rules that wait for a billing event."""

    @classmethod
    def _create_rule(cls, kind, code, **values):
        model_id = cls.env["ir.model"]._get_id("account.move")
        action = {"name": "Do it", "model_id": model_id, "state": "code", "code": code}
        return cls.env["base.automation"].create(
            {
                "name": f"On {kind}",
                "model_id": model_id,
                "trigger": "on_billing_event",
                "billing_event_kind": kind,
                "action_server_ids": [Command.create(action)],
                **values,
            }
        )

    def _get_notes(self, invoice, text):
        return len(invoice.sudo().message_ids.filtered(lambda message: text in (message.body or "")))

    def test_rule_runs_on_the_document_after_the_event(self):
        self._create_rule("paid", "record.message_post(body='Thank you')")
        self._create_rule("voided", "record.message_post(body='Voided')")
        invoice = self._open_invoice(100.0)

        with trap_jobs() as trap:
            self._pay_invoice(invoice, 100.0)
            self.env.cr.flush()
            self.assertFalse(self._get_notes(invoice, "Thank you"))
            trap.perform_enqueued_jobs()

        self.assertEqual(self._get_notes(invoice, "Thank you"), 1)
        self.assertFalse(self._get_notes(invoice, "Voided"))

    def test_rule_runs_for_an_event_once(self):
        rule = self._create_rule("finalized", "record.message_post(body='Hello')")
        with performing_jobs():
            invoice = self._open_invoice(100.0)
            self.env.cr.flush()

        result = self._trail(invoice)._job_run_rule(rule)

        self.assertEqual(result, "Done before.")
        self.assertEqual(self._get_notes(invoice, "Hello"), 1)

    def test_rule_that_fails_leaves_the_document_as_it_is(self):
        self._create_rule("finalized", "raise UserError('No.')")
        with trap_jobs() as trap:
            invoice = self._open_invoice(100.0)
            self.env.cr.flush()

        with self.assertRaises(UserError), self.env.cr.savepoint():
            trap.perform_enqueued_jobs()

        self.assertEqual(invoice.billing_status, "open")
        self._assert_trail(invoice, "finalized")

    def test_rule_looks_at_its_filter(self):
        code = "record.message_post(body='Large')"
        self._create_rule("finalized", code, filter_domain="[('amount_total', '>', 500)]")

        with performing_jobs():
            small, large = self._open_invoice(100.0), self._open_invoice(1000.0)
            self.env.cr.flush()

        self.assertEqual([self._get_notes(invoice, "Large") for invoice in (small, large)], [0, 1])

    def test_switched_off_rule_costs_nothing(self):
        self._create_rule("finalized", "record.message_post(body='Hello')").active = False

        with trap_jobs() as trap:
            self._open_invoice(100.0)
            self.env.cr.flush()

        trap.assert_jobs_count(0)

    def test_rule_switched_off_meanwhile_does_not_run(self):
        rule = self._create_rule("finalized", "record.message_post(body='Hello')")
        with performing_jobs():
            invoice = self._open_invoice(100.0)
            self.env.cr.flush()
            rule.active = False

        self.assertFalse(self._get_notes(invoice, "Hello"))

    def test_rule_names_its_event(self):
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            self._create_rule(False, "pass")
        rule = self._create_rule("paid", "pass")

        rule.trigger = "on_create"

        self.assertFalse(rule.billing_event_kind)

    # === READY-MADE === #

    def test_ready_made_rules_are_switched_off(self):
        rules = self._get_ready_made()

        self.assertGreaterEqual(len(rules), 5)
        self.assertFalse(any(rules.mapped("active")))
        self.assertTrue(all(rules.mapped("action_server_ids")))

    def test_ready_made_rules_run_once_switched_on(self):
        rules = self._get_ready_made().filtered(lambda rule: rule.trigger == "on_billing_event")
        rules.active = True
        invoice = self._open_invoice(100.0)
        self.env.cr.flush()

        with performing_jobs():
            for kind in rules.mapped("billing_event_kind"):
                self.env["service.billing.event"]._log(kind, invoice)

        to_do_rules = rules.filtered(lambda rule: rule.action_server_ids.state == "next_activity")
        self.assertEqual(invoice.activity_ids.user_id, invoice.invoice_user_id)
        self.assertEqual(
            sorted(invoice.activity_ids.mapped("summary")),
            sorted(to_do_rules.action_server_ids.mapped("activity_summary")),
        )
        told = [("res_id", "=", invoice.id), ("subject", "=", f"{invoice.name} is paid")]
        self.assertEqual(self.env["mail.message"].sudo().search(told).partner_ids, invoice.invoice_user_id.partner_id)

    def test_ready_made_rule_invoices_and_sends_what_is_done(self):
        self.env.ref("service_billing.base_automation_order_done").active = True

        with trap_jobs():
            order = self._done_order(services=1)

        invoice = order.sudo().line_ids.charge_ids.invoice_id
        self.assertEqual((order.state, invoice.billing_status), ("done", "open"))
        self.assertEqual(len(self.env["service.delivery"].sudo().search([("move_id", "=", invoice.id)])), 1)

    def _get_ready_made(self):
        data = self.env["ir.model.data"].search([("module", "=", "service_billing"), ("model", "=", "base.automation")])
        return self.env["base.automation"].browse(data.mapped("res_id"))
