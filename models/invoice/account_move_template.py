from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import format_date, is_html_empty

from ..print.html_paint import get_contrast, paint
from ..settings.row_lock import wait_for_rows
from .service_invoice_template import DEFAULT_COLOR


class AccountMove(models.Model):
    """The template of a document: what it brings along, and what it prints."""

    _inherit = "account.move"

    billing_template_id = fields.Many2one(
        comodel_name="service.invoice.template",
        string="Template",
        compute="_compute_billing_template_id",
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
        ondelete="restrict",
        index="btree_not_null",
        domain="[('company_id', 'parent_of', company_id)]",
    )
    billing_lines_template_id = fields.Many2one(
        comodel_name="service.invoice.template",
        string="Lines of Template",
        readonly=True,
        copy=False,
        ondelete="set null",
        index="btree_not_null",
        help="The template whose lines were added last.",
    )
    billing_properties = fields.Properties(
        string="Custom Fields", definition="billing_template_id.field_definition", copy=True
    )

    # === COMPUTE METHODS === #

    @api.depends("partner_id", "company_id")
    def _compute_billing_template_id(self):
        for move in self:
            move.billing_template_id = move.billing_managed and move._get_default_billing_template()

    def _compute_invoice_payment_term_id(self):
        super()._compute_invoice_payment_term_id()
        for move in self:
            term = move.move_type == "out_invoice" and move.billing_template_id.payment_term_id
            if term and not move.partner_id.with_company(move.company_id).property_payment_term_id:
                move.invoice_payment_term_id = term

    def _compute_narration(self):
        super()._compute_narration()
        for move in self.filtered("billing_template_id"):
            move.narration = move._get_billing_template_note() or move.narration

    # === CRUD METHODS === #

    def copy_data(self, default=None):
        """Let a copy follow the template itself, not the version that its original prints; a reversal prints alike."""
        vals_list = super().copy_data(default)
        if "move_reverse_cancel" not in self.env.context:
            # In sudo mode because whoever copies the document may not read templates.
            for move, vals in zip(self.sudo(), vals_list, strict=True):
                current = move.billing_template_id.version_of_id
                if current and vals.get("billing_template_id") == move.billing_template_id.id:
                    vals["billing_template_id"] = current.id
        return vals_list

    # === ACTION METHODS === #

    def action_billing_choose_template(self):
        """Offer the templates of the company for the draft.

        :rtype: dict
        """
        self.ensure_one()
        self.check_access("write")
        action = self.env["ir.actions.act_window"]._for_xml_id("service_billing.service_invoice_template_action_choose")
        domain = [("company_id", "parent_of", self.company_id.id)]
        return {**action, "domain": domain, "context": {"billing_move_id": self.id}}

    # === BUSINESS METHODS - TEMPLATE === #

    def _apply_billing_template(self, template):
        """Give a draft the look, terms, notes, custom fields and lines of a template. Its lines are added once.

        Note: `self.ensure_one()`

        :param template: The template.
        :return: A notice where there is nothing left to do, else what closes the dialog.
        :rtype: dict
        :raise UserError: If the document is no draft.
        """
        self.ensure_one()
        self.check_access("write")
        wait_for_rows(self)
        if self.state != "draft" or not self.billing_managed:
            raise UserError(self.env._("A template is used on a draft."))
        if self.billing_lines_template_id == template == self.billing_template_id:
            return self._get_template_used_notice(template)
        self.write(self._prepare_billing_template_values(template))
        # In sudo mode to write the mark, which nobody may write by hand.
        self.sudo().billing_lines_template_id = template
        return {"type": "ir.actions.act_window_close"}

    def _prepare_billing_template_values(self, template):
        """Prepare what a template gives to the draft it is used on.

        Note: `self.ensure_one()`

        :rtype: dict
        """
        self.ensure_one()
        values = {"billing_template_id": template.id}
        if template.payment_term_id and self.move_type == "out_invoice":
            values["invoice_payment_term_id"] = template.payment_term_id.id
        if not is_html_empty(template.note):
            values["narration"] = self._get_billing_template_note(template)
        last = max(self.invoice_line_ids.mapped("sequence"), default=0)
        if template != self.billing_lines_template_id:
            values["invoice_line_ids"] = [
                Command.create(line._prepare_invoice_line_values(self, sequence=last + number))
                for number, line in enumerate(self._localize(template).line_ids, start=1)
            ]
        return values

    # === GETTERS === #

    def _get_default_billing_template(self):
        """Return the template of the customer, else the company's.

        Note: `self.ensure_one()`

        :rtype: recordset of `service.invoice.template`
        """
        self.ensure_one()
        customer = self.partner_id.commercial_partner_id.with_company(self.company_id)
        # In sudo mode because the template is the company's choice, whoever makes the document.
        template_sudo = customer.sudo().billing_template_id or self.company_id.sudo().billing_template_id
        return template_sudo.filtered("active").sudo(self.env.su)

    def _get_billing_template_note(self, template=None):
        note = self._localize(template or self.billing_template_id).note
        return False if is_html_empty(note) else note

    def _localize(self, records):
        """Return the records in the language of the customer."""
        return records.with_context(lang=self.partner_id.lang or self.env.lang)

    def _get_template_used_notice(self, template):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "message": self.env._("%(template)s is in use on this draft already.", template=template.name),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    @api.model
    def _will_change(self, record, vals, name):
        field = record._fields[name]
        if field.type == "properties":
            return (field.convert_to_cache(vals[name], record) or {}) != (record[name] or {})
        return super()._will_change(record, vals, name)

    @api.model
    def _get_kept_fields(self):
        return super()._get_kept_fields() | {"billing_lines_template_id"}

    @api.model
    def _get_locked_fields(self):
        return super()._get_locked_fields() | {"billing_template_id", "billing_properties"}

    def _get_print_company(self):
        """Return the company as the document's template lets it look.

        Note: `self.ensure_one()`

        :return: In sudo mode; the company itself where the template changes nothing of its look.
        :rtype: recordset of `res.company`
        """
        self.ensure_one()
        # In sudo mode because whoever prints the document may not read the company and its templates.
        company_sudo = self.company_id.sudo()
        values = self.billing_template_id.sudo()._prepare_print_company_values()
        return company_sudo.new(values, origin=company_sudo) if values else company_sudo

    def _get_print_painted(self, document):
        """Return the printed document in the colours of its template.

        Note: `self.ensure_one()`

        :param document: Its HTML, with header and footer.
        :rtype: Markup
        """
        self.ensure_one()
        company_sudo = self._get_print_company()
        if company_sudo == self.company_id:
            return document
        primary = company_sudo.primary_color or DEFAULT_COLOR
        variables = {
            "primary": primary,
            "secondary": company_sudo.secondary_color or DEFAULT_COLOR,
            "contrast": get_contrast(primary),
        }
        old, new = (f"o_company_{company.id}_layout" for company in (company_sudo, self.company_id))
        return paint(document, {old: f"{new} o_service_look"}, variables)

    def _get_print_custom_fields(self, place):
        """Return the custom fields that are filled in and printed in a place.

        Note: `self.ensure_one()`

        :param str place: A code of the template's `field_place`.
        :return: `[{'label': str, 'value': str}]`, in the language of the environment.
        :rtype: list[dict]
        """
        self.ensure_one()
        # In sudo mode because whoever prints the document may not read templates.
        template_sudo = self.billing_template_id.sudo()
        if template_sudo.field_place != place:
            return []
        values = self.billing_properties or {}
        printed = [
            (field.name, self._format_custom_field(field, values.get(field.key))) for field in template_sudo.field_ids
        ]
        return [{"label": label, "value": value} for label, value in printed if value]

    def _format_custom_field(self, field, value):
        """Return the value of a custom field as it is printed.

        :param field: The field of the template.
        :param value: As the properties of the document have it.
        :return: Empty where there is none.
        :rtype: str
        """
        if field.kind == "boolean":
            return self.env._("Yes") if value else ""
        if value is None or value is False:
            return ""
        return format_date(self.env, value) if field.kind == "date" else str(value)
