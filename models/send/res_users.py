from odoo import models


class ResUsers(models.Model):
    _inherit = "res.users"

    # === GETTERS === #

    def _get_billing_choice(self, name):
        """Return what the user chose the last time, or what stands there the first time.

        Note: `self.ensure_one()`

        :param str name: The field of the user's settings.
        :rtype: bool
        """
        self.ensure_one()
        return self.res_users_settings_id[name] if self.res_users_settings_id else name == "billing_attach_pdf"
