from odoo.tests import BaseCase

from ..models.logic.stripe_invoice import LONGEST_TEXT, MOST_LINES, stripe_lines


class TestStripeLines(BaseCase):
    """Lines for Stripe: what they come to is our total."""

    def _get_lines(self, priced, added=(), code="EUR"):
        return stripe_lines(priced, list(added), code=code, title="INV/1")

    def test_empty_invoice_has_no_lines(self):
        self.assertEqual(self._get_lines([("Free of charge", 0.0)]), [])

    def test_very_many_lines_are_one_beside_what_is_added(self):
        lines = self._get_lines([("Part", 0.01)] * (MOST_LINES + 1), [("VAT", 0.4)])

        self.assertEqual(lines, [{"description": "INV/1", "amount": 201}, {"description": "VAT", "amount": 40}])

    def test_tax_that_is_even_is_left_out(self):
        self.assertEqual(len(self._get_lines([("Work", 1.0)], [("VAT", 0.2), ("VAT", -0.2)])), 1)

    def test_text_that_is_missing_or_too_long_is_one_that_stripe_takes(self):
        texts = [line["description"] for line in self._get_lines([(False, 1.0), ("x" * 900, 1.0)])]

        self.assertEqual(texts, ["INV/1", "x" * LONGEST_TEXT])

    def test_currencies_count_their_own_smallest_unit(self):
        for code, amount in (("JPY", 5), ("EUR", 500), ("KWD", 5000)):
            with self.subTest(code):
                self.assertEqual(self._get_lines([("Work", 5.0)], code=code)[0]["amount"], amount)
