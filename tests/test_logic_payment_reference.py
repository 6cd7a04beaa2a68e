import doctest

from hypothesis import given, strategies as st

from odoo.tests import BaseCase

from odoo.addons.service_billing.models.logic import payment_reference
from odoo.addons.service_billing.models.logic.payment_reference import has_card_number


def luhn_digit(body):
    """Return the check digit of a card number, computed another way than the code under test."""
    values = [int(digit) * (2 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(body))]
    return str(-sum(value // 10 + value % 10 for value in values) % 10)


BODIES = st.text(alphabet="0123456789", min_size=12, max_size=18)
WORDS = st.text(alphabet="abcdefghijklmnopqrstuvwxyz ,.", max_size=20)


class TestCardNumber(BaseCase):
    def test_examples_hold(self):
        self.assertEqual(doctest.testmod(payment_reference), (0, 2))

    @given(BODIES, WORDS, WORDS)
    def test_card_number_is_found_within_any_text(self, body, before, after):
        self.assertTrue(has_card_number(before + body + luhn_digit(body) + after))

    @given(BODIES, st.sampled_from(" -"), st.integers(min_value=1, max_value=6))
    def test_separators_between_the_digits_hide_nothing(self, body, separator, size):
        number = body + luhn_digit(body)
        groups = [number[start : start + size] for start in range(0, len(number), size)]

        self.assertTrue(has_card_number(separator.join(groups)))

    @given(BODIES, st.integers(min_value=1, max_value=9))
    def test_wrong_check_digit_is_no_card_number(self, body, offset):
        wrong = str((int(luhn_digit(body)) + offset) % 10)

        self.assertFalse(has_card_number(body + wrong))

    @given(st.text(alphabet="0123456789", max_size=12))
    def test_short_numbers_are_references(self, number):
        self.assertFalse(has_card_number(number))

    @given(st.text(alphabet="0123456789", min_size=20, max_size=40))
    def test_longer_numbers_than_any_card_are_references(self, number):
        self.assertFalse(has_card_number(number))

    @given(st.text(alphabet=st.characters(exclude_categories=("Nd", "Nl", "No"))))
    def test_any_text_gets_an_answer(self, text):
        self.assertFalse(has_card_number(text))

    def test_nothing_is_no_card_number(self):
        self.assertFalse(has_card_number(""))
        self.assertFalse(has_card_number(None))
