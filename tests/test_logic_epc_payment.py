import doctest
from decimal import Decimal

from hypothesis import given, strategies as st

from odoo.tests import BaseCase

from odoo.addons.service_billing.models.logic import epc_payment
from odoo.addons.service_billing.models.logic.epc_payment import epc_payload, is_iban

IBAN = "AT61 1904 3002 3457 3201"
AMOUNTS = st.decimals(min_value="0.01", max_value="999999999.99", places=2)


class TestEpcPayment(BaseCase):
    def test_examples_hold(self):
        self.assertEqual(doctest.testmod(epc_payment), (0, 4))

    def test_payload_says_who_is_paid_what_and_why(self):
        payload = epc_payload(
            name="Alpine Heating", iban=IBAN, amount=Decimal("930.9"), reference="INV/2026/00001", bic="RZTIAT22"
        )

        self.assertEqual(
            payload.split("\n"),
            ["BCD", "002", "1", "SCT", "RZTIAT22", "Alpine Heating", "AT611904300234573201", "EUR930.90", "", "",
             "INV/2026/00001"],
        )  # fmt: skip

    def test_creditor_reference_goes_on_its_own_line(self):
        payload = epc_payload(name="A", iban=IBAN, amount=Decimal(1), reference="RF18 5390 0754 7034")

        self.assertEqual(payload.split("\n")[9:], ["RF18539007547034"])

    def test_there_is_no_payload_for_what_no_bank_would_transfer(self):
        valid = {"name": "A", "iban": IBAN, "amount": Decimal(1), "reference": "R"}
        refused = (
            {"iban": "AT62 1904 3002 3457 3201"},
            {"iban": "19043002345732"},
            {"amount": Decimal(0)},
            {"amount": Decimal(-1)},
            {"amount": Decimal("1000000000")},
            {"name": " "},
        )

        self.assertTrue(epc_payload(**valid))
        for change in refused:
            with self.subTest(**change):
                self.assertEqual(epc_payload(**valid | change), "")

    @given(name=st.text(min_size=1), reference=st.text(), amount=AMOUNTS)
    def test_payload_keeps_to_the_limits_of_the_standard(self, name, reference, amount):
        payload = epc_payload(name=name, iban=IBAN, amount=amount, reference=reference)

        lines = payload.split("\n") if payload else []
        self.assertLessEqual(len(payload.encode()), 331)
        self.assertLessEqual(len(lines), 11)
        if lines:
            self.assertLessEqual(len(lines[5]), 70)
            self.assertEqual(Decimal(lines[7].removeprefix("EUR")), amount)

    @given(position=st.integers(4, 19), digit=st.integers(0, 9))
    def test_one_wrong_digit_makes_no_iban(self, position, digit):
        right = IBAN.replace(" ", "")
        wrong = f"{right[:position]}{digit}{right[position + 1 :]}"

        self.assertEqual(is_iban(wrong), wrong == right)
