from contextlib import closing

from hypothesis import HealthCheck, given, note, settings, strategies as st

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import ServiceBillingCommon

QUANTITIES = st.sampled_from([0.0, 0.5, 1.0, 1.25, 2.0, 3.0])
KINDS = st.sampled_from(["labor", "part"])


class Story:
    """One service order, and everything that people may do about it in whatever order."""

    steps = (
        "done", "reopen", "edit_hours", "correct_hours", "edit_charge", "waive", "unwaive", "draft", "draft_selected",
        "delete_draft", "cancel_draft", "empty_draft", "revive_draft", "finalize", "credit", "duplicate",
        "finalize_duplicate",
    )  # fmt: skip

    def __init__(self, test):
        self.test = test
        self.order = test._create_order(type_id=test.type_quick.id)
        self.order.line_ids = [
            Command.create({"kind": "labor", "quantity": 2}),
            Command.create({"product_id": test.part.id, "quantity": 1}),
        ]
        self.worked = dict.fromkeys(self.order.line_ids, 0.0)
        self.duplicates = test.env["account.move"].with_user(test.biller)

    def take(self, step, kind, quantity):
        """Do one step; what makes no sense now is refused, and changes nothing."""
        try:
            with self.test.cr.savepoint():
                getattr(self, step)(self.order.line_ids.filtered(lambda line: line.kind == kind), quantity)
        except UserError as refusal:
            self.test.env.invalidate_all()
            note(f"{step}: {refusal}")
        else:
            note(f"{step} {kind} {quantity}")
        for line in self.order.line_ids:
            self.worked[line] = max(self.worked[line], line.billed_quantity)

    # === STEPS === #

    def done(self, _line, _quantity):
        self.order.action_done()

    def reopen(self, _line, _quantity):
        self.order.action_reopen()

    def edit_hours(self, line, quantity):
        line.quantity = quantity

    def correct_hours(self, line, quantity):
        self.order.action_reopen()
        line.quantity = quantity
        self.order.action_done()

    def edit_charge(self, line, quantity):
        line.charge_ids[-1:].quantity = quantity or 1.0

    def waive(self, line, _quantity):
        line.charge_ids.filtered(lambda charge: charge.state == "open").action_waive("Goodwill")

    def unwaive(self, line, _quantity):
        line.charge_ids.action_unwaive()

    def draft(self, _line, _quantity):
        self.order.action_create_invoice()

    def draft_selected(self, line, _quantity):
        line.charge_ids._create_invoices()

    def delete_draft(self, _line, _quantity):
        self._get_drafts().unlink()

    def cancel_draft(self, _line, _quantity):
        self._get_drafts().button_cancel()

    def empty_draft(self, _line, _quantity):
        self._get_drafts().invoice_line_ids = [Command.clear()]

    def revive_draft(self, _line, _quantity):
        self.test.env["account.move"].with_user(self.test.biller).search([("state", "=", "cancel")]).button_draft()

    def finalize(self, _line, _quantity):
        self._get_drafts().action_billing_finalize()

    def credit(self, line, quantity):
        invoice = line.charge_ids.filtered(lambda charge: charge.state == "invoiced").invoice_id[:1]
        if invoice:
            credit_note = self.test._credit_invoice(invoice)
            credit_note.invoice_line_ids[0].quantity = quantity
            credit_note.action_billing_finalize()

    def duplicate(self, _line, _quantity):
        self.duplicates |= self.order.invoice_ids[:1].copy()

    def finalize_duplicate(self, _line, _quantity):
        self.duplicates.filtered(lambda move: move.state == "draft").action_billing_finalize()

    # === WHAT MUST HOLD === #

    def check(self):
        """Compare the ledger of charges, the documents and the work."""
        test = self.test
        test.env.flush_all()
        test.env.invalidate_all()
        billing = self._get_documents("out_invoice").filtered(lambda move: move.state != "cancel")
        for line, worked in self.worked.items():
            charges = line.charge_ids
            invoiced = charges.filtered(lambda charge: charge.state == "invoiced")
            billed_lines = billing.invoice_line_ids.filtered(lambda item, line=line: item.product_id == line.product_id)
            posted_lines = billed_lines.filtered(lambda item: item.parent_state == "posted")
            test.assertLessEqual(sum(invoiced.mapped("quantity")), worked)
            test.assertEqual(sum(posted_lines.mapped("quantity")), sum(invoiced.mapped("quantity")))
            test.assertEqual(billed_lines.billing_charge_ids, charges.filtered("invoice_line_id"))
            test.assertEqual(len(billed_lines), len(billed_lines.billing_charge_ids))
            if line.state == "done":
                test.assertGreaterEqual(sum(charges.mapped("quantity")), line.billed_quantity)
            test.assertTrue(all(charge.credited_quantity <= charge.quantity for charge in charges))

    def _get_drafts(self):
        return self.order.invoice_ids.filtered(lambda move: move.state == "draft" and move.move_type == "out_invoice")

    def _get_documents(self, move_type):
        domain = [("partner_id", "=", self.order.partner_id.id), ("move_type", "=", move_type)]
        return self.test.env["account.move"].search(domain)


@tagged("post_install", "-at_install")
class TestChargeExactlyOnce(ServiceBillingCommon):
    @settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(st.tuples(st.sampled_from(Story.steps), KINDS, QUANTITIES), min_size=3, max_size=14))
    def test_no_sequence_of_events_bills_more_than_was_worked_or_bills_it_twice(self, steps):
        with closing(self.cr.savepoint()):
            story = Story(self)
            story.take("done", None, 0)
            for step in steps:
                story.take(*step)
                story.check()
