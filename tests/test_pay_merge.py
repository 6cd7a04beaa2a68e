from odoo.tests import tagged

from .common_autopay import AutopayCommon
from .common_stripe import CARD, CARD_ASKING_ALWAYS


@tagged("post_install", "-at_install")
class TestPayMerge(AutopayCommon):
    """Two customers become one: nothing that a customer has once is there twice, and nothing is charged twice."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.twin = cls._create_customer("Hotel Alpina GmbH")

    def _merge(self):
        partners = self.customer | self.twin
        self.env["base.partner.merge.automatic.wizard"]._merge(partners.ids, self.customer)
        self.env.invalidate_all()

    def test_cards_follow_and_the_default_stays(self):
        own = self._save_card()
        other = self._save_card(CARD_ASKING_ALWAYS, customer=self.twin)

        self._merge()

        self.assertRecordValues(
            own | other,
            [
                {"partner_id": self.customer.id, "billing_is_default": True, "active": True},
                {"partner_id": self.customer.id, "billing_is_default": False, "active": True},
            ],
        )

    def test_card_that_both_saved_is_there_once(self):
        own, same = self._save_card(CARD), self._save_card(CARD, customer=self.twin)

        self._merge()

        self.assertEqual((own | same).mapped("active"), [True, False])

    def test_card_of_the_other_is_charged_afterwards(self):
        other = self._save_card(customer=self.twin)
        invoice = self._open_invoice(100.0, partner_id=self.twin.id)

        self._merge()
        attempt = self._charge(invoice, other)

        self.assertEqual((attempt.state, invoice.amount_residual), ("succeeded", 0.0))

    def test_one_consent_stays_and_charges_what_the_other_announced(self):
        self._save_card()
        own, other = self._agree(), self._agree(self.twin)
        self._save_card(customer=self.twin)
        invoice = self._due_in(0, partner_id=self.twin.id)
        self._run()

        self._merge()
        self._come(invoice)
        self._run()

        self.assertEqual((own | other).mapped("state"), ["active", "ended"])
        self.assertEqual((len(self._get_charges()), invoice.amount_residual), (1, 0.0))

    def test_consent_of_who_goes_charges_the_card_that_stays(self):
        self._save_card()
        self._save_card(customer=self.twin)
        other = self._agree(self.twin)
        invoice = self._due_in(0, partner_id=self.twin.id)
        self._run()

        self._merge()
        self._come(invoice)
        self._run()

        self.assertEqual((other.partner_id, other.state), (self.customer, "active"))
        self.assertEqual((len(self._get_charges()), invoice.amount_residual), (1, 0.0))

    def test_one_place_at_stripe_stays(self):
        self._save_card()
        self._save_card(customer=self.twin)

        self._merge()

        self.assertEqual(self.env["service.stripe.customer"].search_count([("partner_id", "=", self.customer.id)]), 1)
