import doctest
from itertools import product

from odoo.tests import BaseCase

from odoo.addons.service_billing.models.logic import invoice_status

PAYMENT_STATES = ("not_paid", "in_payment", "paid", "partial", "reversed", "blocked", "invoicing_legacy")


class TestInvoiceStatus(BaseCase):
    def test_examples_hold(self):
        self.assertEqual(doctest.testmod(invoice_status), (0, 1))

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
