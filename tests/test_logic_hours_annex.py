import doctest
from datetime import date

from hypothesis import given, strategies as st

from odoo.tests import BaseCase

from odoo.addons.service_billing.models.logic import hours_annex
from odoo.addons.service_billing.models.logic.hours_annex import Entry, group_entries, merge_entries

MINUTES = st.integers(min_value=0, max_value=1440)
ENTRIES = st.lists(
    st.builds(
        Entry,
        day=st.dates(min_value=date(2026, 1, 1), max_value=date(2026, 1, 9)),
        person=st.sampled_from(["Ana", "Ben", ""]),
        task=st.sampled_from(["Copy", "Design"]),
        logged=MINUTES,
        billed=MINUTES,
    )
)


def add_up(things, name):
    return sum(getattr(thing, name) for thing in things)


class TestHoursAnnex(BaseCase):
    def test_examples_hold(self):
        self.assertEqual(doctest.testmod(hours_annex), (0, 4))

    @given(ENTRIES)
    def test_days_and_people_add_up_to_what_was_worked(self, entries):
        merged = merge_entries(entries)

        for name in ("logged", "billed"):
            for groups in (merged, group_entries(merged, "day"), group_entries(merged, "person")):
                self.assertEqual(add_up(groups, name), add_up(entries, name))

    @given(ENTRIES)
    def test_each_day_person_and_task_is_one_row_in_order(self, entries):
        keys = [(entry.day, entry.person, entry.task) for entry in merge_entries(entries)]

        self.assertEqual(keys, sorted({(entry.day, entry.person, entry.task) for entry in entries}))

    @given(ENTRIES)
    def test_groups_come_in_order_and_lose_nothing(self, entries):
        groups = group_entries(entries, "day")

        self.assertEqual([group.key for group in groups], sorted({entry.day for entry in entries}))
        self.assertEqual(sum(len(group.entries) for group in groups), len(entries))
