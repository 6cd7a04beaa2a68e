from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import is_html_empty

from ..settings.row_lock import wait_for_rows


class ServiceOrder(models.Model):
    """What was agreed with a customer, and what was done about it."""

    _name = "service.order"
    _description = "Service Order"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "scheduled_start desc, id desc"
    _rec_names_search = ["name", "partner_id.name"]
    _check_company_auto = True

    name = fields.Char(string="Number", default="", copy=False, readonly=True, index="trigram")
    company_id = fields.Many2one("res.company", required=True, index=True, default=lambda self: self.env.company)
    state = fields.Selection(
        selection=[
            ("new", "New"),
            ("scheduled", "Scheduled"),
            ("in_progress", "In progress"),
            ("done", "Done"),
            ("cancelled", "Cancelled"),
        ],
        string="Status",
        default="new",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
        group_expand=True,
    )
    type_id = fields.Many2one(
        comodel_name="service.order.type",
        default=lambda self: self._default_type_id(),
        check_company=True,
        ondelete="restrict",
        tracking=True,
    )
    description = fields.Text(string="Request", help="What the customer asked for, and what to know on arrival.")
    technician_id = fields.Many2one(
        comodel_name="res.users",
        check_company=True,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        index="btree_not_null",
        tracking=True,
    )

    # work
    line_ids = fields.One2many("service.order.line", "order_id", string="Work", copy=False)
    labor_line_ids = fields.One2many(
        comodel_name="service.order.line", inverse_name="order_id", string="Time", domain=[("kind", "=", "labor")]
    )
    part_line_ids = fields.One2many(
        comodel_name="service.order.line",
        inverse_name="order_id",
        string="Parts and Services",
        domain=[("kind", "!=", "labor")],
    )
    running_line_id = fields.Many2one("service.order.line", compute="_compute_running_line_id")
    logged_hours = fields.Float(compute="_compute_hours")
    billed_hours = fields.Float(compute="_compute_hours")
    report = fields.Html(string="Intervention Report", copy=False)
    photo_ids = fields.Many2many(
        "ir.attachment", string="Photos", copy=False, domain=[("mimetype", "=like", "image/%")]
    )
    signature = fields.Image(max_width=1024, max_height=1024, copy=False)
    signed_by = fields.Char(copy=False)
    signed_on = fields.Datetime(compute="_compute_signed_on", store=True, copy=False)
    done_on = fields.Datetime(copy=False, readonly=True)
    missing_text = fields.Text(string="Missing Before Done", compute="_compute_missing_text")

    _name_uniq = models.UniqueIndex("(company_id, name) WHERE name != ''", "The number of a service order is unique.")

    # === DEFAULT METHODS === #

    def _default_type_id(self):
        domain = self.env["service.order.type"]._check_company_domain(self.env.company)
        return self.env["service.order.type"].search(domain, limit=1)

    # === COMPUTE METHODS === #

    @api.depends("name", "partner_id")
    def _compute_display_name(self):
        for order in self:
            order.display_name = order.name or self.env._("New service order")

    @api.depends("line_ids.is_running", "line_ids.technician_id")
    @api.depends_context("uid")
    def _compute_running_line_id(self):
        for order in self:
            running = order.line_ids.filtered("is_running")
            order.running_line_id = running.filtered(lambda line: line.technician_id == self.env.user)[:1]

    @api.depends("line_ids.quantity", "line_ids.billed_quantity", "line_ids.kind")
    def _compute_hours(self):
        for order in self:
            labor = order.line_ids.filtered(lambda line: line.kind == "labor")
            order.logged_hours = sum(labor.mapped("quantity"))
            order.billed_hours = sum(labor.mapped("billed_quantity"))

    @api.depends("signature")
    def _compute_signed_on(self):
        for order in self:
            order.signed_on = order.signature and fields.Datetime.now()

    @api.depends(
        "state", "type_id", "report", "signature", "photo_ids",
        "line_ids.kind", "line_ids.product_id", "line_ids.lot_id", "line_ids.is_running",
    )  # fmt: skip
    def _compute_missing_text(self):
        for order in self:
            is_open = order.state not in ("done", "cancelled")
            missing = order._get_done_constraints().values() if is_open else ()
            order.missing_text = "\n".join(missing)

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            company = self.env["res.company"].browse(vals.get("company_id")) or self.env.company
            vals["name"] = self.env["ir.sequence"].with_company(company).sudo().next_by_code("service.order")
        return super().create(vals_list)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_worked(self):
        if any(order.state not in ("new", "cancelled") for order in self):
            raise UserError(self.env._("Only a new or cancelled service order can be deleted: cancel it first."))

    # === ACTION METHODS === #

    def action_start(self):
        """Start the user's timer on the order; if it runs elsewhere, ask to stop it there first.

        :return: Nothing, or the action that asks.
        """
        self.ensure_one()
        self.check_access("write")
        running = self.env["service.order.line"]._get_running_timer(self.env.user)
        if running.order_id == self:
            return None
        if running:
            return self._get_timer_switch_action(running)
        self._start_timer()
        return None

    def action_stop(self):
        """Stop the user's timer on the order."""
        self.ensure_one()
        self.running_line_id._stop_timer()

    def action_done(self):
        """Close the orders: take the parts out of stock and hand the work over to billing.

        An order that is done already is left alone.

        :raise UserError: If something that the order's type requires is missing; each missing thing is named.
        """
        self.check_access("write")
        wait_for_rows(self)
        for order in self.filtered(lambda order: order.state != "done"):
            missing = order._get_done_constraints()
            if missing:
                raise UserError(
                    self.env._(
                        "%(order)s is not done yet: %(missing)s", order=order.name, missing=" ".join(missing.values())
                    )
                )
            order._set_done()

    def action_cancel(self):
        """Cancel the orders; timers that run on them stop.

        :raise UserError: If an order is done, or was done before and has consequences that must be undone first.
        """
        self.check_access("write")
        wait_for_rows(self)
        accounted = self.line_ids._filter_accounted().order_id[:1]
        if accounted.state == "in_progress":
            raise UserError(
                self.env._(
                    "%(order)s has consequences already: set what was not done to 0 and finish it instead.",
                    order=accounted.name,
                )
            )
        self.line_ids._stop_timer()
        self._set_state("cancelled", allowed=("new", "scheduled", "in_progress", "cancelled"))

    def action_reopen(self):
        """Open done or cancelled orders again; what changes after is billed as a difference."""
        self.check_access("write")
        wait_for_rows(self)
        self._set_state("in_progress", allowed=("done", "cancelled", "in_progress"))

    # === BUSINESS METHODS - STATES === #

    def _set_state(self, state, *, allowed):
        """Bring the orders into a state.

        :param str state: The new state; orders that have it are left alone.
        :param tuple allowed: The states from which it may be reached.
        :raise UserError: If an order is in another state.
        """
        labels = dict(self._fields["state"]._description_selection(self.env))
        for order in self:
            if order.state not in allowed:
                raise UserError(
                    self.env._(
                        "%(order)s is %(state)s and cannot become %(target)s.",
                        order=order.display_name,
                        state=labels[order.state].lower(),
                        target=labels[state].lower(),
                    )
                )
        # In sudo mode to write the state, which nobody may write by hand.
        self.sudo().filtered(lambda order: order.state != state).write({"state": state})

    def _set_done(self):
        """Close one order that lacks nothing. Later stages extend this.

        Note: `self.ensure_one()`
        """
        self.ensure_one()
        self._move_parts()
        self._set_state("done", allowed=("new", "scheduled", "in_progress"))
        # In sudo mode to write the moment, which nobody may write by hand.
        self.sudo().done_on = fields.Datetime.now()

    def _start_timer(self):
        self.ensure_one()
        self._set_state("in_progress", allowed=("new", "scheduled", "in_progress"))
        values = {"kind": "labor", "technician_id": self.env.uid, "started_at": fields.Datetime.now()}
        planned = self.line_ids.filtered(lambda line: line.kind == "labor" and not line._is_logged())[:1]
        self.line_ids = [fields.Command.update(planned.id, values) if planned else fields.Command.create(values)]

    # === GETTERS === #

    def _get_done_constraints(self):
        """Return what is missing before the order can be done. Later files and stages add theirs.

        Note: `self.ensure_one()`

        :return: `{code: message}`, a sentence each; empty when nothing is missing.
        :rtype: dict[str, str]
        """
        self.ensure_one()
        required = self.type_id
        labor = self.line_ids.filtered(lambda line: line.kind == "labor" and line._is_logged())
        checks = {
            "timer": (labor.filtered("is_running"), self.env._("Stop the running timer.")),
            "time": (required.require_time and not labor, self.env._("Log the time.")),
            "report": (
                required.require_report and is_html_empty(self.report),
                self.env._("Write the intervention report."),
            ),
            "signature": (required.require_signature and not self.signature, self.env._("Let the customer sign.")),
            "photo": (required.require_photo and not self.photo_ids, self.env._("Add a photo.")),
        }
        return {code: message for code, (is_missing, message) in checks.items() if is_missing}

    def _get_timer_switch_action(self, running):
        """Return the action that asks whether to stop a timer elsewhere and start one here.

        :param running: The line whose timer runs.
        :rtype: dict
        """
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Your timer is running"),
            "res_model": "service.timer.switch",
            "view_mode": "form",
            "target": "new",
            "context": {"default_order_id": self.id, "default_running_line_id": running.id},
        }
