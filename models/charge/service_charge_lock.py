from odoo import api, models
from odoo.exceptions import UserError

from ..settings.row_lock import wait_for_rows


class ServiceCharge(models.Model):
    """Who may change what on a charge: its link and source nobody by hand, the rest until it is finalized."""

    _inherit = "service.charge"

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        self._check_ledger_fields({name for vals in vals_list for name in vals})
        return super().create(vals_list)

    def write(self, vals):
        self._check_ledger_fields(vals)
        if not self._get_billed_fields() & vals.keys():
            return super().write(vals)
        self._check_not_invoiced()
        self._filter_regrouped(vals)._take_off_draft()
        names = {charge: charge.name for charge in self}
        res = super().write(vals)
        self._update_draft_lines(names)
        return res

    @api.ondelete(at_uninstall=False)
    def _unlink_except_billed(self):
        if any(charge.state in ("drafted", "invoiced") for charge in self):
            raise UserError(
                self.env._("A charge that is on an invoice cannot be deleted: take it off the draft first.")
            )
        if not self.env.su and self.order_line_id:
            raise UserError(self.env._("This charge comes from a service order: change the order instead."))

    # === BUSINESS METHODS - LOCK === #

    @api.model
    def _get_ledger_fields(self):
        """Return the fields that only the ledger itself writes.

        :rtype: set[str]
        """
        return self._get_source_fields() | {
            "revision", "origin_charge_id", "is_ready", "is_waived", "waive_reason", "invoice_line_id", "invoice_id",
            "state", "is_changed", "past_line_ids",
        }  # fmt: skip

    @api.model
    def _get_source_fields(self):
        """Return the fields that say what the charge comes from.

        :rtype: set[str]
        """
        return {"order_line_id", "order_id"}

    @api.model
    def _get_billed_fields(self):
        """Return the fields that an invoice line takes over; they are locked once the invoice is finalized.

        :rtype: set[str]
        """
        return {
            "partner_id", "company_id", "currency_id", "fiscal_position_id", "date", "kind", "product_id", "name",
            "quantity", "product_uom_id", "price_unit", "discount", "tax_ids", "billing_decision",
        }  # fmt: skip

    def _check_ledger_fields(self, names):
        touched = self._get_ledger_fields().intersection(names)
        if touched and not self.env.su:
            labels = ", ".join(sorted(self._fields[name]._description_string(self.env) for name in touched))
            raise UserError(self.env._("The ledger itself keeps %(fields)s of a charge.", fields=labels))

    def _check_not_invoiced(self):
        invoiced = self.filtered(lambda charge: charge.state == "invoiced")[:1]
        if invoiced:
            raise UserError(
                self.env._(
                    "This charge is invoiced on %(invoice)s and cannot change: make a credit note instead.",
                    invoice=invoiced.sudo().invoice_id.display_name,
                )
            )

    def _lock_billable(self):
        """Lock the charges and make sure that none of them is billed, waived or not finished.

        :raise UserError: If one is; the first is named with the document it is on and who made that.
        """
        wait_for_rows(self)
        for charge in self:
            if charge.state == "open":
                continue
            invoice = charge.sudo().invoice_id
            if not invoice:
                raise UserError(self.env._("“%(charge)s” is not open for billing.", charge=charge._get_title()))
            raise UserError(
                self.env._(
                    "“%(charge)s” is already on %(invoice)s by %(user)s.",
                    charge=charge._get_title(),
                    invoice=invoice.display_name,
                    user=invoice.create_uid.name,
                )
            )

    # === GETTERS === #

    def _filter_regrouped(self, vals):
        """Return those of the charges that cannot stay on an invoice with the others after a change.

        :param dict vals: What is about to be written.
        :rtype: recordset of `service.charge`
        """
        grouping = {"company_id", "partner_id", "currency_id", "fiscal_position_id"}
        return self.filtered(lambda charge: charge._get_changed_fields(vals) & grouping)

    def _get_changed_fields(self, vals):
        """Return the fields that a write would really change. Lines and tags count as changed.

        Note: `self.ensure_one()`

        :param dict vals: What is about to be written.
        :rtype: set[str]
        """
        self.ensure_one()
        return {name for name in vals if self._fields[name].convert_to_write(self[name], self) != vals[name]}

    def _get_edit_charge_message(self):
        self.ensure_one()
        return self.env._(
            "“%(charge)s” comes from a charge: change the charge, not the invoice.", charge=self._get_title()
        )

    def _get_title(self):
        self.ensure_one()
        return (self.name or "").split("\n", 1)[0]
