"""An amount and its taxes, taken apart as core's tax engine keeps them."""


class TaxSplit:
    """A base and, for each tax on it, that tax's own base and amount, in one currency.

    :param float base: The amount without taxes.
    :param dict taxes: `{tax id: [base, amount]}`
    :param tax_ids: The `account.tax` records as they stand on a line.
    """

    def __init__(self, base, taxes, tax_ids):
        self.base = base
        self.taxes = taxes
        self.tax_ids = tax_ids

    @classmethod
    def of_charge(cls, charge):
        """Take a charge apart that the billing plan made."""
        manual = (charge.extra_tax_data or {}).get("manual_tax_amounts") or {}
        taxes = {
            int(tax_id): [amounts["base_amount_currency"], amounts["tax_amount_currency"]]
            for tax_id, amounts in manual.items()
        }
        return cls(charge.price_subtotal, taxes, charge.tax_ids)

    @classmethod
    def of_base_line(cls, base_line):
        """Take a line of core's tax engine apart, after it was rounded."""
        details = base_line["tax_details"]
        base = details["total_excluded_currency"] + details["delta_total_excluded_currency"]
        taxes = {
            data["tax"].id: [data["base_amount_currency"], data["tax_amount_currency"]]
            for data in details["taxes_data"]
        }
        return cls(base, taxes, base_line["tax_ids"])

    @property
    def key(self):
        """What splits have in common that can be deducted from each other: their taxes."""
        return frozenset(self.taxes)

    @property
    def total(self):
        """The amount with taxes."""
        return self.base + sum(amount for _base, amount in self.taxes.values())

    @property
    def price_unit(self):
        """The price of a line that holds all of it."""
        included = self.tax_ids and all(self.tax_ids.flatten_taxes_hierarchy().mapped("price_include"))
        return self.total if included else self.base

    def add(self, other):
        """Add a split with the same taxes."""
        self.base += other.base
        for tax_id, (base, amount) in other.taxes.items():
            self.taxes[tax_id][0] += base
            self.taxes[tax_id][1] += amount

    def take(self, deposit, amount, currency):
        """Take an amount off, with the share of each tax that a deposit has; all that is left goes exactly.

        :param TaxSplit deposit: What is deducted, as it was billed.
        :param float amount: How much of it, with taxes; at most what is left here.
        :return: What was taken.
        :rtype: TaxSplit
        """
        if currency.compare_amounts(amount, self.total) >= 0:
            taken = TaxSplit(currency.round(self.base), self._scale(1.0, currency), deposit.tax_ids)
        else:
            taxes = deposit._scale(amount / deposit.total, currency)
            base = currency.round(amount - sum(tax for _base, tax in taxes.values()))
            taken = TaxSplit(base, taxes, deposit.tax_ids)
        self.subtract(taken)
        return taken

    def subtract(self, other):
        """Take off a split with the same taxes."""
        taxes = {key: [-base, -amount] for key, (base, amount) in other.taxes.items()}
        self.add(TaxSplit(-other.base, taxes, other.tax_ids))

    def export(self, currency, *, key, quantity):
        """Return the split as core's tax engine imports it from a line.

        :param str key: What tells the engine to round the line by itself.
        :param float quantity: 1 for a line that bills it, -1 for one that deducts it.
        :rtype: dict
        """
        return {
            "computation_key": key,
            "manual_total_excluded_currency": quantity * currency.round(self.base),
            "manual_tax_amounts": {
                str(tax_id): {
                    "base_amount_currency": quantity * currency.round(base),
                    "tax_amount_currency": quantity * currency.round(amount),
                }
                for tax_id, (base, amount) in self.taxes.items()
            },
            "currency_id": currency.id,
            "price_unit": self.price_unit,
            "discount": 0.0,
            "quantity": quantity,
            "rate": 1.0,
        }

    def _scale(self, share, currency):
        return {
            tax_id: [currency.round(base * share), currency.round(amount * share)]
            for tax_id, (base, amount) in self.taxes.items()
        }


def round_base_lines(base_lines, company):
    """Let core's tax engine compute and round lines that stand on one document."""
    engine = company.env["account.tax"]
    engine._add_tax_details_in_base_lines(base_lines, company)
    engine._round_base_lines_tax_details(base_lines, company)


def split_by_tax(base_lines):
    """Add up rounded lines of core's tax engine by their taxes.

    :return: `{tax key: TaxSplit}`
    :rtype: dict
    """
    splits = {}
    for base_line in base_lines:
        split = TaxSplit.of_base_line(base_line)
        if split.key in splits:
            splits[split.key].add(split)
        else:
            splits[split.key] = split
    return splits
