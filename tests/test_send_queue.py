from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import freeze_time, tagged

from odoo.addons.queue_job.tests.common import trap_jobs

from .common_jobs import performing_jobs
from .common_money import MoneyCommon

ADDRESS = "customer@example.com"


@tagged("post_install", "-at_install")
class TestSendQueue(MoneyCommon):
    """Who gets what, and when it is refused. No mail leaves the machine."""

    def setUp(self):
        super().setUp()
        self.invoice = self._open_invoice(100.0)

    def _get_deliveries(self, moves, **values):
        deliveries = self.env["service.delivery"].sudo().search([("move_id", "in", moves.ids)], order="id")
        return deliveries.filtered(lambda delivery: all(delivery[name] == value for name, value in values.items()))

    # === COOLDOWN === #

    def test_second_click_within_the_minutes_is_refused_and_says_to_whom(self):
        with freeze_time("2026-11-21 09:00:00"), performing_jobs():
            self.assertFalse(self.invoice._send_to_customer())
        with freeze_time("2026-11-21 09:02:10"), trap_jobs() as trap:
            refused = self.invoice._send_to_customer()

        self.assertEqual(refused, {self.invoice: f"{self.invoice.name} was sent 2:10 ago to {ADDRESS}."})
        self.assertFalse(trap.enqueued_jobs)
        with freeze_time("2026-11-21 09:05:00"), performing_jobs():
            self.assertFalse(self.invoice._send_to_customer())
        self.assertEqual(len(self._get_deliveries(self.invoice)), 2)

    def test_failed_sending_does_not_start_the_minutes(self):
        with trap_jobs():
            self.invoice._send_to_customer()
            self._get_deliveries(self.invoice)._note_failure("Down.")

            self.assertFalse(self.invoice._send_to_customer())

    def test_minutes_are_the_company_s(self):
        self.company.billing_send_cooldown = 0
        with performing_jobs():
            self.invoice._send_to_customer()

        with performing_jobs():
            self.assertFalse(self.invoice._send_to_customer())

    def test_bulk_lists_what_is_refused_and_goes_on(self):
        other = self._open_invoice(50.0)
        with performing_jobs():
            self.invoice._send_to_customer()

        with trap_jobs() as trap:
            refused = (self.invoice | other)._send_to_customer()

        self.assertEqual(list(refused), [self.invoice])
        trap.assert_jobs_count(1)
        self.assertEqual(self._get_deliveries(other).state, "queued")

    def test_nothing_to_send(self):
        with trap_jobs() as trap:
            self.assertFalse(self.env["account.move"]._send_to_customer())

        trap.assert_jobs_count(0)

    # === CORE'S WAYS === #

    def test_core_s_own_sending_queues_our_documents(self):
        with trap_jobs() as trap:
            self.env["account.move.send"]._generate_and_send_invoices(self.invoice, sending_methods=["email"])

        trap.assert_jobs_count(1)
        self.assertEqual(self._get_deliveries(self.invoice).email, ADDRESS)
        self.assertFalse(self.invoice.invoice_pdf_report_id, "Nothing slow in the click.")

    def test_document_that_is_not_managed_goes_core_s_way(self):
        self.company.billing_enabled = False
        invoice = self._draft_invoice()
        invoice.action_post()

        with trap_jobs() as trap:
            self.env["account.move.send"]._generate_and_send_invoices(invoice, sending_methods=["email"])

        trap.assert_jobs_count(0)
        self.assertTrue(invoice.invoice_pdf_report_id)
        self.assertFalse(self._get_deliveries(invoice))

    def test_draft_is_not_sent(self):
        with self._refused():
            self.env["account.move.send"]._generate_and_send_invoices(self._draft_invoice(), sending_methods=["email"])

    def test_whoever_may_not_write_invoices_sends_none(self):
        with self.assertRaises(AccessError):
            self.invoice.with_user(self.technician)._send_to_customer()

    # === RECIPIENTS === #

    def test_customer_without_address_goes_to_the_list_to_print_or_call(self):
        self.customer.email = False

        with trap_jobs() as trap:
            remarks = self.invoice._send_to_customer()
            again = self.invoice._send_to_customer()

        self.assertIn(self.invoice, remarks)
        self.assertIn(self.invoice, again)
        trap.assert_jobs_count(0)
        self.assertRecordValues(self._get_deliveries(self.invoice), [{"method": "print", "state": "queued"}])

    def test_customer_who_gets_no_mails_goes_to_the_list_too(self):
        self.customer.billing_no_email = True

        with trap_jobs() as trap:
            self.invoice._send_to_customer()

        trap.assert_jobs_count(0)
        self.assertEqual(self._get_deliveries(self.invoice).method, "print")

    def test_list_is_printed_as_one_pdf_and_is_done_then(self):
        self.customer.email = False
        invoices = self.invoice | self._open_invoice(50.0)
        invoices._send_to_customer()
        deliveries = self._get_deliveries(invoices).with_user(self.biller).with_context(force_report_rendering=True)

        action = deliveries.action_print()

        attachment = self.env["ir.attachment"].browse(int(action["url"].split("/")[-1].split("?")[0]))
        self.assertTrue(attachment.raw.startswith(b"%PDF"))
        self.assertEqual(set(deliveries.mapped("state")), {"sent"})
        self.assertTrue(all(invoices.mapped("is_move_sent")))

    def test_next_contact_gets_the_mail_where_the_address_is_dead(self):
        contact = self._create_customer("Mrs. Alpina", parent_id=self.customer.id, email="second@example.com")
        self.customer._mark_bounced(ADDRESS)

        self.assertEqual(self.invoice._get_recipients(), [(contact, "second@example.com")])

    def test_corrected_address_is_alive(self):
        self.customer._mark_bounced(ADDRESS)
        self.customer.email = "right@example.com"

        self.assertEqual(self.invoice._get_recipients(), [(self.customer, "right@example.com")])

    def test_dead_address_is_dead_for_all_who_have_it_and_for_no_others(self):
        same, other = self._create_customer("Same"), self._create_customer("Other", email="other@example.com")

        self.customer._mark_bounced(ADDRESS)

        self.assertTrue(same.billing_is_bounced)
        self.assertFalse(other.billing_is_bounced)
        same.with_user(self.biller).action_billing_allow_email()
        self.assertFalse(self.customer.billing_is_bounced)

    def test_typed_addresses(self):
        contact = self._create_customer("Mrs. Alpina", parent_id=self.customer.id, email="Second@Example.com")

        found = self.invoice._read_recipients("second@example.com, Somebody <new@example.com>, new@example.com")

        self.assertEqual(found, [(contact, "second@example.com"), (self.customer, "new@example.com")])
        for text in ("", "nothing", False):
            with self.subTest(text=text), self._refused():
                self.invoice._read_recipients(text)

    # === BY ITSELF === #

    def test_invoice_is_sent_by_itself_where_the_company_wants_it(self):
        self.company.billing_auto_send = True
        with trap_jobs() as trap:
            invoice = self._open_invoice(100.0)
            credit_note = self._credit_invoice(invoice)
            credit_note.action_billing_finalize()

        trap.assert_jobs_count(1)
        self.assertEqual(self._get_deliveries(invoice).kind, "document")
        self.assertFalse(self._get_deliveries(credit_note))

    def test_customer_overrides_the_company(self):
        for company, customer, count in ((True, "no", 0), (False, "yes", 1), (False, False, 0)):
            self.company.billing_auto_send, self.customer.billing_auto_send = company, customer
            with self.subTest(company=company, customer=customer), trap_jobs() as trap:
                self._open_invoice(100.0)
                trap.assert_jobs_count(count)

    def test_notice_is_apart_from_the_invoice_mail(self):
        self.company.billing_ready_notice = True
        with performing_jobs():
            invoice = self._open_invoice(100.0)

        notice = self._get_deliveries(invoice)
        self.assertRecordValues(notice, [{"kind": "notice", "state": "sent", "email": ADDRESS}])
        self.assertIn("Ready for payment", notice.subject)
        self.assertFalse(notice.attachment_ids)
        self.assertFalse(invoice.is_move_sent)
        with performing_jobs():
            self.assertFalse(invoice._send_to_customer(), "A notice does not start the minutes.")

    def test_notice_goes_to_nobody_who_gets_no_mails(self):
        self.company.billing_ready_notice = True
        self.customer.billing_no_email = True

        with trap_jobs() as trap:
            invoice = self._open_invoice(100.0)

        trap.assert_jobs_count(0)
        self.assertFalse(self._get_deliveries(invoice))

    def test_bulk_finalizes_and_sends(self):
        drafts = self._draft_invoice(10.0) | self._draft_invoice(20.0)
        broken = self._draft_invoice(partner_id=False)
        wizard = (
            self.env["service.send"]
            .with_user(self.biller)
            .create({"move_ids": [(6, 0, (drafts | broken | self.invoice).ids)]})
        )

        with performing_jobs():
            wizard.action_confirm()

        self.assertEqual(set((drafts | self.invoice).mapped("state")), {"posted"})
        self.assertEqual(
            [(d.state, d.reason) for d in self._get_deliveries(drafts | self.invoice)], [("sent", False)] * 3
        )
        self.assertEqual(broken.state, "draft")

    def test_bulk_with_sending_by_itself_sends_once(self):
        self.company.billing_auto_send = True
        draft = self._draft_invoice(10.0)

        with performing_jobs():
            batch = draft._finalize_and_send_in_background()

        self.assertEqual(len(self._get_deliveries(draft)), 1)
        self.assertRecordValues(batch.line_ids, [{"state": "done", "reason": False}])

    def test_done_order_is_drafted_finalized_and_sent(self):
        for on_completion, count in (("finalize", 0), ("send", 1)):
            self.type_repair.on_completion = on_completion
            with self.subTest(on_completion=on_completion), performing_jobs():
                invoice = self._done_order().invoice_ids
                self.assertEqual(invoice.state, "posted")
                self.assertEqual(len(self._get_deliveries(invoice)), count)
            self.assertEqual(len(self._get_deliveries(invoice, state="sent")), count)

    def test_what_keeps_an_order_from_being_finalized_is_written_on_it(self):
        self.type_repair.on_completion = "send"
        self.customer.billing_reference_required = True

        order = self._done_order()

        self.assertEqual((order.state, order.invoice_ids.state), ("done", "draft"))
        self.assertIn("own reference", order.message_ids[0].body)
        self.assertFalse(self._get_deliveries(order.invoice_ids))

    def test_cycle_finalizes_and_sends(self):
        profile = self.env["service.billing.profile"].create(
            {"partner_id": self.customer.id, "cycle": "monthly", "finish": "send"}
        )
        draft = self._draft_invoice(10.0)
        run = self.env["service.billing.run"].sudo().create({"until": fields.Date.today()})
        line = self.env["service.billing.run.line"].sudo().create(
            {
                "batch_id": run.id, "partner_id": self.customer.id, "profile_id": profile.id,
                "period_start": fields.Date.today() - timedelta(days=30), "period_stop": fields.Date.today(),
            }
        )  # fmt: skip
        draft.sudo().billing_run_line_id = line

        with performing_jobs():
            line._end_review()

        self.assertEqual(draft.state, "posted")
        self.assertEqual(self._get_deliveries(draft).state, "sent")

    # === COMPANIES === #

    def test_biller_of_another_company_sees_no_sendings(self):
        self._set_up_second_company()
        with trap_jobs():
            self.invoice._send_to_customer()
        other = self._open_invoice(10.0, user=self.second_biller)

        found = self.env["service.delivery"].with_user(self.second_biller).search([])
        self.assertNotIn(self.invoice, found.move_id)
        with trap_jobs() as trap:
            other._send_to_customer()
        trap.assert_jobs_count(1)
        self.assertEqual(self._get_deliveries(other).company_id, self.second_company)
