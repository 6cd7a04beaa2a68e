from decimal import Decimal

from hypothesis import given, strategies as st

from odoo.tests import BaseCase, tagged

from ..models.logic.credit_plan import plan_uses

AMOUNTS = st.lists(st.decimals(min_value=-5, max_value=500, places=2), max_size=6)


@tagged("post_install", "-at_install")
class TestLogicCreditPlan(BaseCase):
    def test_oldest_credit_goes_to_what_is_due_first(self):
        uses = plan_uses(
            [("old", Decimal(30)), ("new", Decimal(50))], [("first", Decimal(20)), ("second", Decimal(40))]
        )

        self.assertEqual(
            uses,
            [("old", "first", Decimal(20)), ("old", "second", Decimal(10)), ("new", "second", Decimal(30))],
        )

    def test_nothing_comes_of_nothing(self):
        self.assertEqual(plan_uses([], [("first", Decimal(20))]), [])
        self.assertEqual(plan_uses([("old", Decimal(20))], []), [])

    @given(AMOUNTS, AMOUNTS)
    def test_nothing_is_used_beyond_itself_and_as_much_as_possible(self, credits, dues):
        uses = plan_uses(list(enumerate(credits)), list(enumerate(dues)))

        for side, amounts in ((0, credits), (1, dues)):
            for key, amount in enumerate(amounts):
                self.assertLessEqual(sum(use[2] for use in uses if use[side] == key), max(amount, 0))
        total = sum(use[2] for use in uses)
        self.assertEqual(total, min(sum(max(amount, 0) for amount in credits), sum(max(amount, 0) for amount in dues)))
        self.assertTrue(all(use[2] > 0 for use in uses))
