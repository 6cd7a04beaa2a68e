from hypothesis import given, strategies as st

from odoo.tests import BaseCase

from ..models.logic.stripe_payout import Part, plan_entry, read_parts

amounts = st.integers(-10_000_000, 10_000_000)
kinds = st.sampled_from(("payment", "refund", "dispute", "fee", "payout"))
parts = st.lists(st.builds(Part, ref=st.text(), kind=kinds, gross=amounts, fee=amounts, source=st.text()))


class TestPayoutPlan(BaseCase):
    """What a payout moves in the books."""

    @given(parts)
    def test_any_mix_of_parts_sums_to_zero(self, mixed):
        plan = plan_entry(mixed, sum(part.net for part in mixed))

        self.assertEqual(sum(plan.values()), 0)

    @given(parts)
    def test_payments_refunds_and_disputes_leave_nothing_on_the_clearing_account(self, mixed):
        held = sum(part.gross for part in mixed if part.kind in ("payment", "refund"))
        held += sum(part.net for part in mixed if part.kind == "dispute")

        self.assertEqual(plan_entry(mixed, 0)["clearing"] + held, 0)

    def test_payout_is_no_part_of_itself(self):
        own = {"id": "txn_1", "type": "payout", "amount": -5, "fee": 0, "source": "po_1"}

        self.assertEqual(read_parts([own], "po_1"), [])

    def test_movement_that_nobody_knows_is_something_else(self):
        entry = {"id": "txn_1", "type": "reserve_hold", "amount": -5, "fee": 0, "source": None}

        self.assertEqual(read_parts([entry], "po_1"), [Part("txn_1", "other", -5, 0, "")])
