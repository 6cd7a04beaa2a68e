"""An invoice as Stripe Invoicing has it: lines in the smallest unit of the currency, which come to our total."""

from .stripe_amount import to_minor_units

# Stripe takes 250 lines, and so many characters in one.
MOST_LINES = 200
LONGEST_TEXT = 500


def stripe_lines(priced: list[tuple[str, float]], added: list[tuple[str, float]], *, code: str, title: str):
    """Return the lines of an invoice for Stripe, which adds nothing to them: taxes and rounding are lines as well.

    What is added under the same name, such as a tax that several lines carry, is one line. An invoice of very many
    lines has one line for all that is priced.

    >>> stripe_lines([("Work", 100.0), ("Discount", -10.0)], [("VAT 20%", 20.0), ("VAT 20%", -2.0)],
    ...     code="EUR", title="INV/1")
    [{'description': 'Work', 'amount': 10000}, {'description': 'Discount', 'amount': -1000}, \
{'description': 'VAT 20%', 'amount': 1800}]

    :param priced: The text of each line and what it costs before tax, in the currency.
    :param added: What is added to them, such as taxes: names and amounts.
    :param code: The ISO 4217 code.
    :param title: What the invoice is called; stands where a text is missing.
    :return: Without lines that cost nothing.
    :rtype: list[dict]
    """
    priced = [(text, to_minor_units(amount, code)) for text, amount in priced]
    if len(priced) > MOST_LINES:
        priced = [(title, sum(amount for _text, amount in priced))]
    sums = {}
    for text, amount in added:
        sums[text] = sums.get(text, 0) + to_minor_units(amount, code)
    return [
        {"description": ((text or "").strip() or title)[:LONGEST_TEXT], "amount": amount}
        for text, amount in [*priced, *sums.items()]
        if amount
    ]
