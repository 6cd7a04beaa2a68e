from odoo import api, models


class ServiceCachedMixin(models.AbstractModel):
    """Records that are looked up so often that what they say is cached: a change of them empties the cache."""

    _name = "service.cached.mixin"
    _description = "Cached Settings"

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        self.env.registry.clear_cache()
        return records

    def write(self, vals):
        res = super().write(vals)
        self.env.registry.clear_cache()
        return res

    def unlink(self):
        res = super().unlink()
        self.env.registry.clear_cache()
        return res
