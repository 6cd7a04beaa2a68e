from datetime import date

from odoo.tests import freeze_time, tagged

from .common_subscription import SubscriptionCommon

LISTED = ["name", "partner_id", "rhythm_text", "amount_untaxed", "next_date", "end_date", "state"]


@tagged("post_install", "-at_install")
@freeze_time("2026-01-15 10:00:00")
class TestSubscriptionPerformance(SubscriptionCommon):
    """More subscriptions take more rows, not more queries."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.subscriptions = cls.env["service.subscription"].union(
            *(cls._subscribe(date(2026, 1, 20), partner_id=cls._create_customer(f"C{count}").id) for count in range(6))
        )
        cls.subscriptions.action_activate()

    def _count_queries(self, function):
        """Return how many queries a call takes when it runs for the second time, with warm caches of the registry."""
        for _run in range(2):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            function()
            self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def test_list_takes_the_same_queries_for_more_rows(self):
        few = self._count_queries(lambda: self.subscriptions[:2].read(LISTED))
        many = self._count_queries(lambda: self.subscriptions.read(LISTED))

        self.assertEqual(few, many)

    def test_looking_for_what_is_due_takes_the_same_queries_for_more_customers(self):
        charges, until = self.env["service.charge"], date(2026, 1, 19)
        few = self._count_queries(lambda: charges._collect(self.subscriptions[:2].partner_id, self.company, until))
        many = self._count_queries(lambda: charges._collect(self.subscriptions.partner_id, self.company, until))

        self.assertEqual(few, many)

    def test_customers_are_found_by_what_is_due(self):
        charges = self.env["service.charge"].with_user(self.biller)
        partners = self.subscriptions.partner_id
        self.assertFalse(charges._get_collect_partners(self.company, date(2026, 1, 19)) & partners)

        self.assertEqual(charges._get_collect_partners(self.company, date(2026, 1, 20)) & partners, partners)

        charges._collect(partners, self.company, date(2026, 1, 20))
        self.assertFalse(charges._get_collect_partners(self.company, date(2026, 1, 20)) & partners)
