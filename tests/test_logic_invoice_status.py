import doctest
from itertools import product

from odoo.tests import BaseCase

from odoo.addons.service_billing.models.logic import invoice_status

DECISIONS = {"is_void": (False, True), "is_written_off": (False, True), "is_recovering": (False, True)}
PAID_BY = ("", "online", "manual")
PAYMENT_STATES = ("not_paid", "in_payment", "paid", "partial", "reversed", "blocked", "invoicing_legacy")


class TestInvoiceStatus(BaseCase):
    def test_examples_hold(self):
        self.assertEqual(doctest.testmod(invoice_status), (0, 3))

    def test_what_is_not_posted_has_the_status_of_its_state_whatever_was_paid(self):
        for state, payment_state in product(("draft", "cancel"), PAYMENT_STATES):
            expected = {"draft": "draft", "cancel": "cancelled"}[state]
            with self.subTest(state=state, payment_state=payment_state):
                self.assertEqual(invoice_status.invoice_status(state, payment_state), expected)

    def test_each_payment_state_of_a_posted_document_has_one_status(self):
        statuses = {name: invoice_status.invoice_status("posted", name) for name in PAYMENT_STATES}

        self.assertEqual(
            statuses,
            {
                "not_paid": "open",
                "blocked": "open",
                "invoicing_legacy": "open",
                "partial": "partially_paid",
                "paid": "paid",
                "in_payment": "paid",
                "reversed": "paid",
            },
        )

    def _get_statuses(self, *, state="posted", **fixed):
        """Return the status for all inputs there are, but for those that are fixed."""
        choices = {"payment_state": PAYMENT_STATES, "paid_by": PAID_BY, **DECISIONS}
        choices |= {name: (value,) for name, value in fixed.items()}
        return {
            invoice_status.invoice_status(state, **dict(zip(choices, values, strict=True)))
            for values in product(*choices.values())
        }

    def test_nothing_that_was_decided_changes_what_is_not_finalized(self):
        self.assertEqual(self._get_statuses(state="draft"), {"draft"})
        self.assertEqual(self._get_statuses(state="cancel"), {"cancelled"})

    def test_void_stays_void_whatever_else_happens(self):
        self.assertEqual(self._get_statuses(is_void=True), {"void"})

    def test_bad_debt_looks_paid_in_the_ledger_only(self):
        for is_recovering, status in ((False, "uncollectible"), (True, "partially_paid")):
            with self.subTest(is_recovering=is_recovering):
                statuses = self._get_statuses(is_void=False, is_written_off=True, is_recovering=is_recovering)
                self.assertEqual(statuses, {status})

    def test_how_it_was_paid_counts_only_where_it_is_paid(self):
        for paid_by, status in (("online", "paid_online"), ("manual", "manual_paid"), ("", "paid")):
            for payment_state in PAYMENT_STATES:
                with self.subTest(paid_by=paid_by, payment_state=payment_state):
                    found = invoice_status.invoice_status("posted", payment_state, paid_by=paid_by)
                    is_paid = payment_state in ("paid", "in_payment", "reversed")
                    self.assertEqual(found == status, is_paid)
