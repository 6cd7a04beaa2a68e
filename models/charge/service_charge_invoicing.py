from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..settings.row_lock import wait_for_rows


class ServiceCharge(models.Model):
    """From charges to drafts."""

    _inherit = "service.charge"

    # === ACTION METHODS === #

    def action_create_invoices(self):
        """Ask for confirmation, with count and total, before the charges become drafts.

        :rtype: dict
        :raise UserError: If none of the charges is open.
        """
        charges = self.filtered(lambda charge: charge.state == "open")
        if not charges:
            raise UserError(self.env._("None of these charges is open for billing."))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Draft an Invoice"),
            "res_model": "service.charge.invoice",
            "view_mode": "form",
            "target": "new",
            "context": {"default_charge_ids": [Command.set(charges.ids)]},
        }

    # === BUSINESS METHODS - INVOICING === #

    def _create_invoices(self, **extra):
        """Create draft invoices that bill exactly these charges: one for each company, invoice address, currency,
        payment terms and fiscal position, all in one call. On an empty recordset nothing is created.

        :param extra: Further values of every draft.
        :return: The drafts.
        :rtype: recordset of `account.move`
        :raise UserError: If a charge is not open; it is named with the document that has it.
        """
        self.env["account.move"].check_access("create")
        self._lock_billable()
        self.order_line_id.order_id._check_billable()
        groups = self.sorted(lambda charge: (charge.order_id.id, charge.date, charge.id)).grouped(
            lambda charge: charge._get_invoice_grouping_key()
        )
        values = [charges._prepare_invoice_values(**extra) for charges in groups.values()]
        # In sudo mode to write the mark and the link to the invoice line, which nobody may write by hand.
        self.sudo().filtered("is_changed").is_changed = False
        moves = self.env["account.move"].sudo().with_context(default_move_type="out_invoice").create(values)
        return moves.sudo(self.env.su)

    def _join_drafts(self, drafts):
        """Add the charges to those of the drafts that bill the like.

        :param drafts: Draft invoices that bill charges.
        :return: The charges for which there is no such draft.
        :rtype: recordset of `service.charge`
        :raise UserError: If a charge is not open; it is named with the document that has it.
        """
        wait_for_rows(drafts)
        self._lock_billable()
        self.order_line_id.order_id._check_billable()
        drafts = drafts.filtered(lambda draft: draft.state == "draft")
        draft_by_key = {draft.billing_charge_ids[0]._get_invoice_grouping_key(): draft for draft in drafts}
        joining = self.filtered(lambda charge: charge._get_invoice_grouping_key() in draft_by_key)
        # In sudo mode to write the mark and the link to the invoice line, which nobody may write by hand.
        joining.sudo().filtered("is_changed").is_changed = False
        for key, charges in joining.grouped(lambda charge: charge._get_invoice_grouping_key()).items():
            draft_by_key[key].sudo().write({"invoice_line_ids": charges._prepare_invoice_line_commands()})
        return self - joining

    def _get_invoice_grouping_key(self):
        """Return what charges must have in common to share an invoice.

        Note: `self.ensure_one()`

        :rtype: tuple
        """
        self.ensure_one()
        term = self.partner_id.with_company(self.company_id).property_payment_term_id
        return (self.company_id, self.partner_id, self._get_document_currency(), term, self.fiscal_position_id)

    def _prepare_invoice_values(self, **extra):
        """Prepare the draft that bills the charges, which share their grouping key.

        :rtype: dict
        """
        first, orders = self[0], self.order_id
        values = {
            "move_type": "out_invoice",
            "company_id": first.company_id.id,
            "partner_id": first.partner_id.id,
            "currency_id": first._get_document_currency().id,
            "fiscal_position_id": first.fiscal_position_id.id,
            "invoice_origin": ", ".join(orders.mapped("name")),
            "invoice_user_id": self.env.uid,
            "invoice_line_ids": self._prepare_invoice_line_commands(),
        }
        reference = ", ".join(filter(None, orders.mapped("client_order_ref")))
        if reference:
            values["ref"] = reference
        return {**values, **extra}

    def _prepare_invoice_line_commands(self):
        """Prepare the invoice lines that bill the charges, in their order.

        :rtype: list[tuple]
        """
        return [
            Command.create(
                charge._prepare_invoice_line_values(sequence=index, billing_charge_ids=[Command.link(charge.id)])
            )
            for index, charge in enumerate(self)
        ]

    def _prepare_invoice_line_values(self, **extra):
        """Prepare the invoice line that bills the charge.

        Note: `self.ensure_one()`

        :rtype: dict
        """
        self.ensure_one()
        values = {
            "name": self.name,
            **self._prepare_locked_line_values(),
        }
        sale_line = self.order_line_id.sale_line_id
        if sale_line:
            values["sale_line_ids"] = [Command.link(sale_line.id)]
        return {**values, **extra}

    def _prepare_locked_line_values(self):
        """Prepare what the invoice line has from the charge and nobody may change on the line.

        Note: `self.ensure_one()`

        :rtype: dict
        """
        self.ensure_one()
        currency = self.invoice_id.currency_id or self._get_document_currency()
        return {
            "product_id": self.product_id.id,
            "quantity": self.quantity,
            "product_uom_id": self.product_uom_id.id,
            "price_unit": self._get_billed_price(currency, self.invoice_id.invoice_date),
            "discount": self._get_billed_discount(),
            "tax_ids": [Command.set(self.tax_ids.ids)],
        }

    def _update_draft_lines(self, names):
        """Write changed charges through to the drafts that bill them. A description that somebody typed on the draft
        stays as long as the charge's own does.

        :param dict names: The description that each charge had before.
        """
        # In sudo mode because a technician who corrects the time has no rights on invoices.
        for charge_sudo in self.sudo().filtered(lambda charge: charge.state == "drafted"):
            line = charge_sudo.invoice_line_id
            values = {} if charge_sudo.name == names[charge_sudo] else {"name": charge_sudo.name}
            if line._differs_from_charge(charge_sudo):
                charge_sudo.is_changed = True
                values |= charge_sudo._prepare_locked_line_values()
            line.write(values)

    def _take_off_draft(self):
        """Remove the charges from the drafts that bill them; they are open again."""
        # In sudo mode because a technician who corrects the time has no rights on invoices.
        self.sudo().filtered(lambda charge: charge.state == "drafted").invoice_line_id.unlink()
