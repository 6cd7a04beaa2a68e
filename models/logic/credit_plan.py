"""Which credit pays what: the oldest credit goes to what is due first."""

from collections.abc import Hashable, Sequence
from decimal import Decimal


def plan_uses(
    credits: Sequence[tuple[Hashable, Decimal]], dues: Sequence[tuple[Hashable, Decimal]]
) -> list[tuple[Hashable, Hashable, Decimal]]:
    """Tell how much of which credit goes to which due amount.

    Neither a credit nor what is due is ever used beyond itself; what is not above zero is passed over.

    >>> plan_uses([("old", Decimal(30)), ("new", Decimal(50))], [("first", Decimal(20)), ("second", Decimal(40))])
    [('old', 'first', Decimal('20')), ('old', 'second', Decimal('10')), ('new', 'second', Decimal('30'))]

    :param credits: Keys and what is left of each, oldest first.
    :param dues: Keys and what is due of each, the first due first; in the same currency.
    :return: Credit, due and amount, in the order in which they are to be applied.
    """
    uses = []
    waiting = [due for due in reversed(dues) if due[1] > 0]
    for credit, credit_left in credits:
        left = credit_left
        while waiting and left > 0:
            due, amount = waiting.pop()
            used = min(left, amount)
            uses.append((credit, due, used))
            left -= used
            if amount > used:
                waiting.append((due, amount - used))
    return uses
