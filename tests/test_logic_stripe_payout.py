from odoo.tests import BaseCase

from ..models.logic.stripe_payout import Part, read_parts


class TestPayoutParts(BaseCase):
    """What a payout is made of."""

    def test_payout_is_no_part_of_itself(self):
        own = {"id": "txn_1", "type": "payout", "amount": -5, "fee": 0, "source": "po_1"}

        self.assertEqual(read_parts([own], "po_1"), [])

    def test_movement_that_nobody_knows_is_something_else(self):
        entry = {"id": "txn_1", "type": "reserve_hold", "amount": -5, "fee": 0, "source": None}

        self.assertEqual(read_parts([entry], "po_1"), [Part("txn_1", "other", -5, 0, "")])
