from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    # work
    service_rounding_minutes = fields.Integer(related="company_id.service_rounding_minutes", readonly=False)
    service_rounding_method = fields.Selection(related="company_id.service_rounding_method", readonly=False)
    service_labor_product_id = fields.Many2one(related="company_id.service_labor_product_id", readonly=False)
    service_plan_tolerance = fields.Float(related="company_id.service_plan_tolerance", readonly=False)
    group_service_technician_prices = fields.Boolean(
        string="Technicians See Prices",
        group="service_billing.group_technician",
        implied_group="service_billing.group_prices",
    )

    # invoices
    billing_enabled = fields.Boolean(related="company_id.billing_enabled", readonly=False)
    billing_default_term_id = fields.Many2one(related="company_id.billing_default_term_id", readonly=False)
    billing_pdf_engine = fields.Selection(related="company_id.billing_pdf_engine", readonly=False)
    billing_timezone = fields.Selection(related="company_id.billing_timezone", readonly=False)

    # background work
    billing_job_user_id = fields.Many2one(related="company_id.billing_job_user_id", readonly=False)
