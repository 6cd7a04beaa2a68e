from urllib.parse import unquote

from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from odoo.addons.queue_job.tests.common import trap_jobs

from .common_jobs import performing_jobs
from .common_money import MoneyCommon

ADDRESS = "customer@example.com"
CHOICES = ("billing_attach_pdf", "billing_send_copy", "billing_has_message")


@tagged("post_install", "-at_install")
class TestSendDialog(MoneyCommon):
    """The dialogs that send and share, as the biller uses them."""

    def _open_dialog(self, move):
        dialog = self.env["account.move.send.wizard"].with_user(self.biller)
        return Form(dialog.with_context(active_model="account.move", active_ids=move.ids))

    def _confirm(self, form):
        with trap_jobs() as trap:
            form.save().action_send_and_print()
        return trap

    def test_address_is_shown_and_the_mail_is_queued(self):
        invoice = self._open_invoice(100.0)
        form = self._open_dialog(invoice)
        self.assertEqual(form.billing_emails, ADDRESS)

        self._confirm(form).assert_jobs_count(1)

        self.assertRecordValues(invoice.billing_delivery_ids, [{"email": ADDRESS, "state": "queued"}])

    def test_other_address_is_saved_on_the_contact_only_where_that_is_wanted(self):
        for is_saved, expected in ((False, ADDRESS), (True, "new@example.com")):
            form = self._open_dialog(self._open_invoice(100.0))
            form.billing_emails = "new@example.com"
            form.billing_save_email = is_saved
            with self.subTest(is_saved=is_saved):
                self._confirm(form)
                self.assertEqual(self.customer.email, expected)

    def test_choices_are_remembered(self):
        form = self._open_dialog(self._open_invoice(100.0))
        self.assertEqual([form[name] for name in CHOICES], [True, False, False])
        form.billing_attach_pdf, form.billing_send_copy, form.billing_has_message = False, True, True
        form.billing_message = "Thank you."
        self._confirm(form)

        again = self._open_dialog(self._open_invoice(100.0))

        self.assertEqual([again[name] for name in CHOICES], [False, True, True])

    def test_preview_has_the_message_and_the_way_to_pay(self):
        form = self._open_dialog(self._open_invoice(100.0))
        form.billing_has_message = True
        form.billing_message = "See you next week."
        self.assertIn("See you next week.", form.body)
        self.assertNotIn("Pay ", form.body)

        form.billing_collection = "online"

        self.assertIn("Pay ", form.body)

    def test_draft_is_finalized_and_sent_under_its_number(self):
        draft = self._draft_invoice(100.0)
        action = draft.action_billing_finalize_send()
        self.assertEqual(action["res_model"], "account.move.send.wizard")
        form = self._open_dialog(draft)
        self.assertIn("Draft", form.body)
        self.assertNotIn("INV/", form.body)

        with performing_jobs():
            form.save().action_send_and_print()

        self.assertEqual(draft.state, "posted")
        self.assertEqual(draft.billing_delivery_ids.state, "sent")
        self.assertIn(draft.name, draft.billing_delivery_ids.subject)
        self.assertEqual(draft.billing_delivery_ids.attachment_ids.name, draft.invoice_pdf_report_id.name)

    def test_typed_subject_is_kept(self):
        invoice = self._open_invoice(100.0)
        form = self._open_dialog(invoice)
        form.subject = "Your boiler"

        self._confirm(form)

        self.assertEqual(invoice.billing_delivery_ids.settings["mail_subject"], "Your boiler")

    def test_bad_address_leaves_the_draft_a_draft(self):
        draft = self._draft_invoice(100.0)
        form = self._open_dialog(draft)
        form.billing_emails = "nobody"

        with self._refused():
            form.save().action_send_and_print()

        self.assertEqual(draft.state, "draft")

    def test_second_sending_is_refused(self):
        invoice = self._open_invoice(100.0)
        self._confirm(self._open_dialog(invoice))
        form = self._open_dialog(invoice)
        self.assertTrue(form.billing_hint)

        with self._refused(), trap_jobs():
            form.save().action_send_and_print()

    def test_draft_that_cannot_be_finalized_opens_no_dialog(self):
        with self._refused():
            self._draft_invoice(partner_id=False).action_billing_finalize_send()

    def test_many_documents_open_the_dialog_that_counts_them(self):
        invoices = self._open_invoice(100.0) | self._open_invoice(50.0)

        self.assertEqual(invoices.action_send_and_print()["res_model"], "service.send")

    def test_sending_is_the_next_step_until_it_is_done(self):
        invoice, void = self._open_invoice(100.0), self._open_invoice(50.0)
        void.action_billing_void("duplicate", "Twice")

        self.assertRecordValues(invoice | void, [{"highlight_send_button": True}, {"highlight_send_button": False}])
        invoice.action_billing_mark_sent()
        self.assertFalse(invoice.highlight_send_button)

    def test_share_offers_the_link_in_every_way(self):
        self.customer.phone = "+352 621 123 456"
        invoice = self._open_invoice(100.0)
        context = invoice.action_billing_share()["context"]
        share = self.env["service.share"].with_user(self.biller).with_context(**context).create({})
        share.invalidate_recordset()

        self.assertIn(f"/service/pay/{invoice.id}/", share.link)
        self.assertTrue(share.qr_code)
        self.assertEqual(share.html_button, f'<a href="{share.link}">{share.text}</a>')
        self.assertTrue(share.mail_link.startswith(f"mailto:{ADDRESS}?"))
        self.assertIn("wa.me/352621123456", share.whatsapp_link)
        for link in (share.mail_link, share.sms_link, share.whatsapp_link):
            self.assertIn(share.link, unquote(link))

    def test_draft_is_not_shared(self):
        with self._refused():
            self._draft_invoice().action_billing_share()

    def test_technician_sends_and_shares_nothing(self):
        invoice = self._open_invoice(100.0).with_user(self.technician)
        for name in ("action_billing_share", "action_billing_finalize_send", "action_billing_send_many"):
            with self.subTest(name=name), self.assertRaises(AccessError):
                getattr(invoice, name)()
