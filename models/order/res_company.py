from odoo import api, models


class ResCompany(models.Model):
    _inherit = "res.company"

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        companies._create_service_order_sequences()
        return companies

    # === BUSINESS METHODS - NUMBERING === #

    def _create_service_order_sequences(self):
        """Give each company numbers of its own for its service orders."""
        # In sudo mode because who may add a company need not have rights on sequences.
        template = self.env.ref("service_billing.sequence_service_order").sudo()
        return template.create([{**template.copy_data()[0], "company_id": company.id} for company in self])
