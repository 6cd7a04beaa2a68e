"""How an agreed total is billed in advance: by percentage or amount, never more than all of it, and all of it exactly
where the percentages mean that."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

HUNDRED = Decimal(100)
# How far typed percentages fall short of what they mean: a third is typed as 33.33.
ROUNDED_OFF = Decimal("0.01")


@dataclass(frozen=True)
class Share:
    """One row of a plan.

    `percentage` or `amount` says how much; `billed` is what was billed of it already, which never changes again.
    """

    percentage: Decimal | None = None
    amount: Decimal | None = None
    billed: Decimal | None = None


def is_over(percentages: list[Decimal]) -> bool:
    """Tell whether the percentages are more than all of it.

    >>> is_over([Decimal("33.34")] * 3)
    True
    """
    return sum(percentages, Decimal(0)) > HUNDRED


def is_complete(percentages: list[Decimal]) -> bool:
    """Tell whether several percentages mean all of it, be it that each was rounded down when it was typed.

    >>> is_complete([Decimal("33.33")] * 3)
    True
    """
    missing = HUNDRED - sum(percentages, Decimal(0))
    return len(percentages) > 1 and 0 <= missing <= ROUNDED_OFF * len(percentages)


def split(total: Decimal, shares: list[Share], *, step: Decimal) -> list[Decimal]:
    """Return what each share of the total comes to, in multiples of `step`.

    Where percentages mean all of it, the last one that is not billed takes what the others leave. Rounding never makes
    percentages come to more than the total; fixed amounts may, which is for the caller to refuse.

    >>> split(Decimal("100.00"), [Share(percentage=Decimal("33.33"))] * 3, step=Decimal("0.01"))
    [Decimal('33.33'), Decimal('33.33'), Decimal('33.34')]

    :param total: What was agreed, a multiple of `step`.
    :param step: The smallest amount of the currency.
    :return: An amount a share, in their order; none below zero.
    """
    amounts = [_get_fixed_amount(share) for share in shares]
    percentages = [share.percentage for share in shares if share.percentage is not None]
    only_percentages = len(percentages) == len(shares)
    takes_rest = only_percentages and is_complete(percentages)
    open_rows = [index for index, amount in enumerate(amounts) if amount is None]
    left = max(total - sum(amount for amount in amounts if amount is not None), Decimal(0))
    for index in open_rows:
        rounded = (total * shares[index].percentage / HUNDRED / step).quantize(Decimal(1), ROUND_HALF_UP) * step
        rounded = min(rounded, left) if only_percentages else rounded
        amounts[index] = left if takes_rest and index == open_rows[-1] else rounded
        left -= amounts[index]
    return amounts


def _get_fixed_amount(share: Share) -> Decimal | None:
    """Return what does not depend on the total; nothing for a percentage that is not billed."""
    if share.billed is not None:
        return share.billed
    return share.amount or Decimal(0) if share.percentage is None else None
