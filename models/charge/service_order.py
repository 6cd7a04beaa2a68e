from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import formatLang

from ..settings.row_lock import wait_for_rows


class ServiceOrder(models.Model):
    _inherit = "service.order"

    charge_ids = fields.One2many(
        comodel_name="service.charge", inverse_name="order_id", groups="service_billing.group_biller"
    )
    charge_count = fields.Integer(compute="_compute_charge_count", groups="service_billing.group_biller")
    invoice_status = fields.Selection(
        selection=[
            ("nothing", "Nothing to invoice"),
            ("to_invoice", "To invoice"),
            ("drafted", "On a draft"),
            ("invoiced", "Invoiced"),
        ],
        compute="_compute_invoice_status",
        store=True,
        index=True,
    )
    invoice_ids = fields.Many2many(
        comodel_name="account.move", compute="_compute_invoice_ids", groups="service_billing.group_biller"
    )
    invoice_count = fields.Integer(compute="_compute_invoice_ids", groups="service_billing.group_biller")
    is_overbilled = fields.Boolean(compute="_compute_is_overbilled", groups="service_billing.group_biller")

    # === COMPUTE METHODS === #

    @api.depends("charge_ids")
    def _compute_charge_count(self):
        for order in self:
            order.charge_count = len(order.charge_ids)

    @api.depends("charge_ids.state")
    def _compute_invoice_status(self):
        for order in self:
            # What is billed in advance leaves the work itself to be invoiced.
            work = order.charge_ids.filtered("order_line_id")
            pending = (order.charge_ids - work).filtered(lambda charge: charge.state != "invoiced")
            states = set((work | pending).mapped("state"))
            ranked = (("open", "to_invoice"), ("drafted", "drafted"), ("invoiced", "invoiced"))
            order.invoice_status = next((status for state, status in ranked if state in states), "nothing")

    @api.depends("charge_ids.invoice_id", "charge_ids.credit_ids.credit_line_id.move_id")
    def _compute_invoice_ids(self):
        for order in self:
            charges = order.charge_ids
            order.invoice_ids = charges.invoice_id | charges.credit_ids.credit_line_id.move_id
            order.invoice_count = len(order.invoice_ids)

    @api.depends("state", "charge_ids.state", "charge_ids.credited_quantity", "line_ids.billed_quantity")
    def _compute_is_overbilled(self):
        for order in self:
            order.is_overbilled = any(line._get_overbilled_quantity() > 0 for line in order._get_finished_lines())

    # === CRUD METHODS === #

    @api.ondelete(at_uninstall=False)
    def _unlink_except_charged(self):
        # In sudo mode to see charges of whoever deletes the order.
        if self.sudo().charge_ids:
            raise UserError(self.env._("A service order with charges cannot be deleted."))

    # === ACTION METHODS === #

    def action_reopen(self):
        """Open the orders again; their charges that are not on an invoice wait until the work is done again."""
        res = super().action_reopen()
        # In sudo mode because a technician has no rights on charges.
        self.sudo().charge_ids.filtered(lambda charge: charge._waits_for_done()).is_ready = False
        return res

    def action_create_invoice(self):
        """Draft the invoice of the orders; where a draft exists already, add what it lacks and open it.

        :return: The action that opens the drafts.
        :rtype: dict
        :raise UserError: If there is nothing to invoice; the sentence says why.
        """
        wait_for_rows(self)
        drafts = self._create_drafts()
        if not drafts:
            raise UserError(self._get_nothing_to_invoice_message())
        return drafts._get_records_action()

    def action_view_invoices(self):
        """Open the invoices and credit notes of the orders.

        :rtype: dict
        """
        return self.invoice_ids._get_records_action(name=self.env._("Invoices"))

    def action_view_charges(self):
        """Open the charges of the orders.

        :rtype: dict
        """
        return self.charge_ids._get_records_action(name=self.env._("Charges"))

    def action_credit_overbilled(self):
        """Open the wizard that credits the invoices which bill more than was worked.

        :rtype: dict
        """
        lines = self.line_ids.filtered(lambda line: line._get_overbilled_quantity() > 0)
        charges = lines.charge_ids.filtered(
            lambda charge: charge.state == "invoiced" and charge._get_remaining_quantity() > 0
        )
        action = self.env["ir.actions.actions"]._for_xml_id("account.action_view_account_move_reversal")
        return {
            **action,
            "name": self.env._("Credit Note"),
            "context": {"active_model": "account.move", "active_ids": charges.invoice_id.ids},
        }

    # === BUSINESS METHODS - STATES === #

    def _set_done(self):
        super()._set_done()
        # In sudo mode because a technician has no rights on charges and invoices.
        order_sudo = self.sudo()
        order_sudo.line_ids._apply_to_charges()
        if self.type_id.on_completion == "draft":
            order_sudo._create_drafts_or_explain()

    # === BUSINESS METHODS - INVOICING === #

    def _create_drafts(self):
        """Put the open charges of the orders on drafts: on those that the orders have, else on new ones.

        :return: All drafts of the orders.
        :rtype: recordset of `account.move`
        """
        charges = self.charge_ids.filtered(lambda charge: charge.state == "open")
        charges._join_drafts(self._get_drafts())._create_invoices()
        return self._get_drafts()

    def _create_drafts_or_explain(self):
        """Draft the invoice of an order; where it cannot be drafted yet, write why on the order."""
        self.ensure_one()
        try:
            with self.env.cr.savepoint():
                self._create_drafts()
        except UserError as reason:
            self.message_post(body=self.env._("No invoice was drafted: %(reason)s", reason=reason))

    def _check_billable(self):
        """Make sure that nothing keeps the work of the orders from being billed.

        :raise UserError: If something does; the sentence says what.
        """
        for order in self:
            for message in order._get_billing_constraints().values():
                raise UserError(message)

    # === GETTERS === #

    def _get_finished_lines(self):
        """Return the lines whose work is billed as it stands: those of a done order. Later files add theirs.

        Note: `self.ensure_one()`

        :rtype: recordset of `service.order.line`
        """
        self.ensure_one()
        return self.line_ids if self.state == "done" else self.line_ids.browse()

    def _is_worked(self):
        return super()._is_worked() or (self.state != "cancelled" and bool(self.charge_ids))

    def _get_billing_constraints(self):
        """Return what keeps the work of the order from being billed. Later files add theirs.

        Note: `self.ensure_one()`

        :return: `{code: message}`, a sentence each; empty when nothing does.
        :rtype: dict[str, str]
        """
        self.ensure_one()
        if not self.plan_reason_missing:
            return {}
        return {
            "plan": self.env._(
                "%(order)s differs from its plan by %(percent)s %%: enter the reason on the order first.",
                order=self.display_name,
                percent=formatLang(self.env, self.plan_difference_percent, digits=1),
            )
        }

    def _get_drafts(self):
        return self.invoice_ids.filtered(lambda move: move.state == "draft" and move.move_type == "out_invoice")

    def _get_nothing_to_invoice_message(self):
        order = self[:1]
        if order.state != "done":
            return self.env._("%(order)s is not done yet: there is nothing to invoice.", order=order.display_name)
        if order.invoice_status == "invoiced":
            return self.env._("All work of %(order)s is invoiced.", order=order.display_name)
        return self.env._("%(order)s holds no work to invoice.", order=order.display_name)
