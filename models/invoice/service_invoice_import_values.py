from collections import defaultdict
from decimal import Decimal

from odoo import api, fields, models
from odoo.fields import Command, Domain
from odoo.tools import plaintext2html

from ..logic.csv_values import MARKS, parse_number

MAX_REASON = 500


class ServiceInvoiceImportLine(models.Model):
    """From what the file says to the values of a draft, and to the sentences about what is wrong with it."""

    _inherit = "service.invoice.import.line"

    # === BUSINESS METHODS - CHECK === #

    @api.model
    def _prepare_values(self, batch, invoice, **extra):
        """Prepare the line of one invoice of the file.

        :param batch: The import.
        :param invoice_csv.Invoice invoice: What the file says.
        :rtype: dict
        """
        amounts = [(1 if line.quantity is None else line.quantity) * (line.price or 0) for line in invoice.lines]
        return {
            "batch_id": batch.id,
            "reference": invoice.reference,
            "first_row": invoice.rows[0],
            "data": {
                "rows": invoice.rows,
                "due_date": fields.Date.to_string(invoice.due_date) or None,
                "note": invoice.note,
                "lines": [
                    {
                        name: str(value) if isinstance(value, Decimal) else value
                        for name, value in line._asdict().items()
                    }
                    for line in invoice.lines
                ],
            },
            "errors": [list(error) for error in invoice.errors],
            "customer_name": invoice.customer,
            "customer_email": invoice.email,
            "customer_vat": invoice.vat,
            "date": invoice.date,
            "amount": float(sum(amounts)),
            "currency_code": invoice.currency.upper(),
            **extra,
        }

    def _assess(self):
        """Say of each line whether it is ready, and if not, what has to be settled first.

        :return: The values of the draft of each line that is ready.
        :rtype: dict
        """
        values, verdicts = {}, defaultdict(self.browse)
        for company, lines in self.grouped("company_id").items():
            known = lines._get_imported(company)
            lookups = lines._get_lookups(company)
            for line in lines:
                errors = [*(line.errors or ())]
                values[line] = line._prepare_draft_values(lookups, errors)
                verdicts[line._get_verdict(known, errors)] |= line
        for (verdict, reason), lines in verdicts.items():
            # In sudo mode to write the verdict, which nobody writes by hand.
            lines.sudo().write({"verdict": verdict, "reason": reason})
        return values

    def _prepare_draft_values(self, lookups, errors, **extra):
        """Prepare the draft, and add to the errors what cannot be found.

        :rtype: dict
        """
        self.ensure_one()
        code = self.currency_code or ""
        currency = self._look_up(lookups["currency"].get(code), (self.first_row, "currency", code), errors)
        values = {
            "move_type": "out_invoice",
            "partner_id": self.partner_id.id,
            "invoice_date": self.date,
            "invoice_origin": self.reference,
            "invoice_user_id": self.env.uid,
            "invoice_line_ids": [
                Command.create(self._prepare_draft_line_values(line, lookups, errors)) for line in self.data["lines"]
            ],
        }
        if currency:
            values["currency_id"] = currency.id
        if self.data["note"]:
            values["narration"] = plaintext2html(self.data["note"])
        if self.data["due_date"]:
            values |= {"invoice_date_due": self.data["due_date"], "invoice_payment_term_id": False}
        return {**values, **extra}

    def _prepare_draft_line_values(self, line, lookups, errors, **extra):
        """Prepare a line of the draft. What the file leaves open is left to core's defaults.

        :param dict line: What the file says: `{'row': int, 'description': str, 'quantity': str, ...}`.
        :rtype: dict
        """
        row, code = line["row"], line["product"]
        product = self._look_up(lookups["product"].get(code), (row, "product", code), errors)
        taxes = self._look_up_taxes(lookups, (row, "tax", line["tax"]), errors)
        values = {
            "product_id": product and product.id,
            "name": line["description"],
            "price_unit": line["price"] and float(line["price"]),
            "quantity": float(line["quantity"] or 1),
        }
        values = {name: value for name, value in values.items() if value or value == 0.0}
        if not product and not line["tax"]:
            taxes = self._get_default_taxes(lookups["default_taxes"])
        if taxes is not None:
            values["tax_ids"] = [Command.set(taxes.ids)]
        return {**values, **extra}

    # === GETTERS - LOOK UP === #

    def _get_verdict(self, known, errors):
        """Return the verdict on the line and the reason for it.

        Note: `self.ensure_one()`

        :param dict known: The lines of other imports that made documents, by reference.
        :param list errors: `[code, row, field, text]` each.
        :rtype: tuple[str, str or bool]
        """
        self.ensure_one()
        if self.reference in known:
            other = known[self.reference]
            return "exists", self.env._(
                "Imported before from %(file)s: %(document)s.",
                file=other.batch_id.file_name,
                document=other.move_id.display_name,
            )
        if errors:
            return "error", self._get_error_text(errors)
        if not self.partner_id:
            offered = self.env._("It is not certain which customer is meant: choose one.")
            unknown = self.env._("No customer is called like this: choose one.")
            return "customer", offered if self.offers else unknown
        return "ready", False

    def _get_imported(self, company):
        """Return the lines of other imports that made documents under the same references.

        :rtype: dict[str, recordset of `service.invoice.import.line`]
        """
        # In sudo mode because a reference is taken whoever may see what it became.
        others_sudo = self.sudo().search(
            [
                ("company_id", "=", company.id),
                ("reference", "in", self.mapped("reference")),
                ("move_id", "!=", False),
                ("id", "not in", self.ids),
            ]
        )
        return others_sudo.grouped("reference")

    def _get_lookups(self, company):
        """Return what the words of the lines may mean in the company: currencies, products and taxes by word.

        :rtype: dict[str, dict[str, recordset]]
        """
        rows = [row for line in self for row in line.data["lines"]]
        codes = {row["product"] for row in rows} - {""}
        currencies = {line.currency_code for line in self} - {False}
        of_company = Domain("company_id", "in", (False, company.id))
        products = self.env["product.product"].search(of_company & Domain("default_code", "in", list(codes)))
        taxes = self.env["account.tax"].with_company(company)
        taxes = taxes.search([*taxes._check_company_domain(company), ("type_tax_use", "=", "sale")])
        rates = defaultdict(taxes.browse)
        for tax in taxes.filtered(lambda tax: tax.amount_type == "percent"):
            rates[Decimal(str(tax.amount)).normalize()] |= tax
        return {
            "currency": self.env["res.currency"].search([("name", "in", list(currencies))]).grouped("name"),
            "product": products.grouped("default_code"),
            "tax": taxes.grouped(lambda tax: tax.name.casefold()),
            "rate": {rate: found & company.account_sale_tax_id or found for rate, found in rates.items()},
            "no_tax": taxes.browse(),
            "default_taxes": {},
        }

    def _get_default_taxes(self, known):
        """Return the taxes where the file names neither a tax nor a product.

        :param dict known: The taxes of the customers that were asked for before, which are added to.
        """
        partner = self.partner_id
        if partner and partner not in known:
            known[partner] = partner._get_default_sale_taxes(self.company_id)
        return known.get(partner)

    @api.model
    def _look_up(self, found, cell, errors):
        """Return the one record that a cell means; nothing for an empty cell, or with an error where it is not clear.

        :param found: What is called like this, or `None`.
        :param tuple cell: Its row, field and text.
        :param list errors: Where an error goes.
        """
        row, field, text = cell
        if text and (not found or len(found) > 1):
            errors.append(["several" if found else "unknown", row, field, text])
            return None
        return found or None

    @api.model
    def _look_up_taxes(self, lookups, cell, errors):
        """Return the tax that a name or a rate means, none for a rate of zero, `None` where the product decides."""
        text = cell[2]
        rate = self._get_rate(text)
        if rate is None or text.casefold() in lookups["tax"]:
            return self._look_up(lookups["tax"].get(text.casefold()), cell, errors)
        return self._look_up(lookups["rate"].get(rate), cell, errors) if rate else lookups["no_tax"]

    @api.model
    def _get_rate(self, word):
        for mark in MARKS:
            try:
                return parse_number(word.replace("%", ""), mark).normalize()
            except ValueError:
                continue
        return None

    # === GETTERS - SENTENCES === #

    def _get_error_text(self, errors):
        """Return a sentence for each error.

        :rtype: str
        """
        labels = dict(self.env["service.invoice.import.column"]._fields["field"]._description_selection(self.env))
        sentences = {
            "missing": self.env._("Row %(row)s: %(column)s is missing."),
            "number": self.env._("Row %(row)s: %(column)s “%(value)s” is no number."),
            "date": self.env._("Row %(row)s: %(column)s “%(value)s” is no date."),
            "differs": self.env._("Row %(row)s: %(column)s “%(value)s” differs from the first row of this invoice."),
            "unknown": self.env._("Row %(row)s: %(column)s “%(value)s” is not known here."),
            "several": self.env._("Row %(row)s: several things are called %(column)s “%(value)s”."),
        }
        text = " ".join(
            sentences[code] % {"row": row, "column": labels[field], "value": value}
            for code, row, field, value in errors
        )
        return text if len(text) <= MAX_REASON else f"{text[:MAX_REASON]}…"
