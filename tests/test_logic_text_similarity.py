import doctest

from hypothesis import given, strategies as st

from odoo.tests import BaseCase

from odoo.addons.service_billing.models.logic import text_similarity
from odoo.addons.service_billing.models.logic.text_similarity import canonical_name, match_name, name_score

NAMES = st.text(min_size=1, max_size=30)
PLAIN = st.text(alphabet="bdfghijklmnqrtuwxyz", min_size=6, max_size=12)


class TestTextSimilarity(BaseCase):
    def test_examples_hold(self):
        self.assertFalse(doctest.testmod(text_similarity).failed)

    @given(NAMES, NAMES)
    def test_score_is_the_same_both_ways_and_within_bounds(self, first, second):
        self.assertAlmostEqual(name_score(first, second), name_score(second, first))
        self.assertTrue(0.0 <= name_score(first, second) <= 100.0)

    @given(NAMES)
    def test_any_name_has_a_canonical_form_that_stays(self, name):
        self.assertIsInstance(canonical_name(name), str)

    @given(PLAIN, st.sampled_from(["{} GmbH", "{} S.A.", "{}, Inc.", "{} - Accounts Payable", "{} c/o Mr. X", " {} "]))
    def test_what_a_name_is_dressed_with_does_not_count(self, name, dress):
        self.assertEqual(canonical_name(dress.format(name.upper())), name)
        self.assertEqual(match_name(dress.format(name), [(7, name)]).chosen, 7)

    @given(PLAIN, PLAIN)
    def test_only_one_who_is_alike_is_set(self, wanted, other):
        match = match_name(wanted, [(1, other)])

        if match.chosen:
            self.assertGreaterEqual(name_score(wanted, other), 92.0)
        self.assertEqual(bool(match.offers), name_score(wanted, other) >= 80.0)

    def test_a_near_tie_is_asked(self):
        match = match_name("Mullr GmbH", [(1, "Müller GmbH"), (2, "Mueller GmbH & Co")])

        self.assertIsNone(match.chosen)
        self.assertEqual([key for key, _score in match.offers], [1, 2])

    def test_two_of_the_same_name_are_asked(self):
        self.assertIsNone(match_name("Hotel Alpina", [(1, "Hotel Alpina"), (2, "HOTEL ALPINA")]).chosen)

    def test_another_legal_form_is_offered_and_not_set(self):
        match = match_name("Acme LLC", [(1, "Acme Inc.")])

        self.assertIsNone(match.chosen)
        self.assertEqual(match.offers, ((1, 100.0),))

    def test_numbers_must_agree(self):
        self.assertFalse(match_name("Garage 12", [(1, "Garage 21")]).offers)

    def test_typo_and_word_order_are_forgiven(self):
        candidates = [(1, "Bauunternehmen Radermacher"), (2, "Brasserie de la Warche")]

        self.assertEqual(match_name("Radermacher Bauunternemen", candidates).chosen, 1)

    def test_nobody_like_that(self):
        self.assertEqual(match_name("Hotel Alpina", []), (None, ()))
        self.assertEqual(match_name("", [(1, "Acme")]), (None, ()))
