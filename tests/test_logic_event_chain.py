import doctest

from hypothesis import given, strategies as st

from odoo.tests import BaseCase

from odoo.addons.service_billing.models.logic import event_chain, invoice_event
from odoo.addons.service_billing.models.logic.event_chain import CHANGED, MISSING, UNLINKED, Link, find_break, get_hash
from odoo.addons.service_billing.models.logic.invoice_event import PAID_STATUSES, get_status_events

payloads = st.lists(st.text(max_size=20), max_size=12)


def make_chain(texts):
    links, previous_hash = [], ""
    for sequence, payload in enumerate(texts, start=1):
        links.append(Link(sequence, payload, previous_hash, get_hash(previous_hash, sequence, payload)))
        previous_hash = links[-1].hash
    return links


class TestLogicEventChain(BaseCase):
    def test_examples_hold(self):
        for module in (event_chain, invoice_event):
            self.assertFalse(doctest.testmod(module).failed)

    @given(payloads)
    def test_chain_as_it_was_written_holds(self, texts):
        self.assertIsNone(find_break(make_chain(texts)))

    @given(payloads.filter(len), st.data())
    def test_changed_event_is_found_at_its_place(self, texts, data):
        links = make_chain(texts)
        index = data.draw(st.integers(0, len(links) - 1))
        old = links[index]
        links[index] = Link(old.sequence, old.payload + "!", old.previous_hash, old.hash)

        self.assertEqual(find_break(links), (index + 1, CHANGED))

    @given(payloads.filter(lambda texts: len(texts) > 1), st.data())
    def test_event_that_is_left_out_is_found_at_its_place(self, texts, data):
        links = make_chain(texts)
        index = data.draw(st.integers(0, len(links) - 2))
        del links[index]

        self.assertEqual(find_break(links), (index + 1, MISSING))

    def test_event_of_another_chain_does_not_fit(self):
        first, second = make_chain(["a", "b"])
        other = make_chain(["x", "b"])[1]

        self.assertEqual(find_break([first, other]), (2, UNLINKED))
        self.assertIsNone(find_break([first, second]))


class TestLogicInvoiceEvent(BaseCase):
    def _check(self, before, after, *events):
        self.assertEqual(get_status_events(before, after), list(events))

    def test_finalizing_is_an_event_whatever_the_status_becomes(self):
        self._check("draft", "open", "finalized")
        self._check(None, "paid", "finalized", "paid")
        self._check("draft", "partially_paid", "finalized", "partially_paid")

    def test_payments_are_events(self):
        self._check("open", "partially_paid", "partially_paid")
        for status in PAID_STATUSES:
            self._check("partially_paid", status, "paid")

    def test_removed_payment_makes_it_due_again(self):
        self._check("paid", "open", "reopened")
        self._check("paid_online", "partially_paid", "reopened")
        self._check("partially_paid", "open", "reopened")

    def test_another_way_to_be_paid_is_no_event(self):
        self._check("paid", "manual_paid")

    def test_what_others_log_is_left_to_them(self):
        self._check("open", "void")
        self._check("open", "uncollectible")
        self._check("uncollectible", "open")
        self._check("draft", "cancelled")
        self._check(None, "draft")
