"""The annex of hours: what was worked day by day, and by whom.

Time is counted in whole minutes, as it is printed: a customer who adds up the rows finds every sum.
"""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Entry:
    """What a person worked on a task in a day, in minutes."""

    day: date
    person: str
    task: str
    logged: int
    billed: int


@dataclass(frozen=True)
class Group:
    """Entries that belong together, and their sums; the key is a day or a person."""

    key: date | str
    entries: tuple[Entry, ...]

    @property
    def logged(self) -> int:
        """The minutes that were worked."""
        return sum(entry.logged for entry in self.entries)

    @property
    def billed(self) -> int:
        """The minutes that are billed."""
        return sum(entry.billed for entry in self.entries)


def merge_entries(entries: list[Entry]) -> list[Entry]:
    """Add up what a person worked on the same task in the same day; sort by day, person and task.

    >>> half = Entry(date(2026, 2, 2), "Ana", "Copy", 30, 30)
    >>> merge_entries([half, half])[0].billed
    60

    :param list entries: In any order.
    :return: One entry a day, person and task.
    """
    groups: dict[tuple, list[Entry]] = {}
    for entry in entries:
        groups.setdefault((entry.day, entry.person, entry.task), []).append(entry)
    merged = []
    for key in sorted(groups):
        group = Group(key[0], tuple(groups[key]))
        merged.append(Entry(*key, group.logged, group.billed))
    return merged


def group_entries(entries: list[Entry], name: str) -> list[Group]:
    """Part entries by day or by person, in the order of days or names.

    >>> ana = Entry(date(2026, 2, 2), "Ana", "Copy", 60, 60)
    >>> [group.key for group in group_entries([ana], "person")]
    ['Ana']

    :param list entries: In any order; within a group they keep it.
    :param str name: `day` or `person`.
    """
    groups: dict[date | str, list[Entry]] = {}
    for entry in entries:
        groups.setdefault(getattr(entry, name), []).append(entry)
    return [Group(key, tuple(groups[key])) for key in sorted(groups)]
