from functools import partial

from odoo.tests import tagged

from .common_concurrent import ConcurrentCase


@tagged("post_install", "-at_install")
class TestInvoiceAtOnce(ConcurrentCase):
    def test_two_finalize_the_same_draft(self):
        draft_id = self._commit_draft(100.0)

        results = self._at_once(*[partial(self._finalize, move_id=draft_id)] * 2)

        with self._committing() as env:
            number = env["account.move"].browse(draft_id).name
        notices = [result for result in results if result]
        self.assertEqual(len(notices), 1, results)
        self.assertIn(number, notices[0]["params"]["message"])

    def test_two_finalize_two_drafts(self):
        draft_ids = [self._commit_draft(100.0), self._commit_draft(50.0)]

        results = self._at_once(*[partial(self._finalize, move_id=draft_id) for draft_id in draft_ids])

        self.assertEqual(results, [None, None])
        with self._committing() as env:
            drafts = env["account.move"].browse(draft_ids)
            first, second = sorted(drafts.mapped("sequence_number"))
            self.assertEqual(second, first + 1)
            self.assertEqual(len(set(drafts.mapped("name"))), 2)
