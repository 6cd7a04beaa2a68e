from datetime import datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import ormcache

from odoo.addons.base.models.res_partner import _tz_get

UTC = timezone.utc


class ResCompany(models.Model):
    _inherit = "res.company"

    # work
    service_rounding_minutes = fields.Integer(
        string="Billing Step (Minutes)",
        default=15,
        help="Logged time is billed in whole steps of so many minutes. 0 bills what was logged.",
    )
    service_rounding_method = fields.Selection(
        selection=[("up", "Up"), ("nearest", "To the nearest step"), ("none", "Not at all")],
        string="Time Rounding",
        default="up",
        required=True,
    )
    service_labor_product_id = fields.Many2one(
        comodel_name="product.product",
        string="Labor",
        domain="[('type', '=', 'service')]",
        default=lambda self: self.env.ref("service_billing.product_labor", raise_if_not_found=False),
        help="The service that time on a service order is billed as.",
    )

    service_plan_tolerance = fields.Float(
        string="Tolerance Against the Plan (%)",
        default=10.0,
        help="How far what was done may differ from what was planned before billing asks for a reason.",
    )

    # invoices
    billing_enabled = fields.Boolean(
        string="Manage Customer Invoices",
        default=True,
        help="Customer invoices and credit notes made from now on follow the rules of Service Billing.",
    )
    billing_default_term_id = fields.Many2one(
        comodel_name="account.payment.term",
        string="Default Payment Terms",
        help="Used for customers who have no payment terms of their own.",
    )
    billing_pdf_engine = fields.Selection(
        selection=[("auto", "Automatic"), ("chromium", "Chromium"), ("core", "Odoo's own")],
        string="PDF Engine",
        default="auto",
        required=True,
    )

    billing_timezone = fields.Selection(
        selection=_tz_get,
        string="Time Zone",
        default=lambda self: self.env.user.tz or "UTC",
        required=True,
        help="Decides which day it is for this company: when a billing day begins, what is due and what is overdue.",
    )

    # background work
    billing_job_user_id = fields.Many2one(
        comodel_name="res.users",
        string="Told of Failed Jobs",
        domain=lambda self: [("all_group_ids", "in", self.env.ref("service_billing.group_manager").ids)],
        help="Gets a to-do when background work failed for good. Without a choice it is the first manager.",
    )

    # === CONSTRAINT METHODS === #

    @api.constrains("service_rounding_minutes")
    def _check_service_rounding_minutes(self):
        if any(not 0 <= company.service_rounding_minutes <= 480 for company in self):
            raise ValidationError(self.env._("The billing step is a number of minutes between 0 and 480."))

    @api.constrains("service_plan_tolerance")
    def _check_service_plan_tolerance(self):
        if any(company.service_plan_tolerance < 0 for company in self):
            raise ValidationError(self.env._("The tolerance is a percentage of 0 or more."))

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        # `base` empties the cache before they are there.
        self.env.registry.clear_cache()
        return companies

    def cache_invalidation_fields(self):
        """Override of `base` to empty the cache of `_get_billing_zones`."""
        return super().cache_invalidation_fields() | {"billing_timezone"}

    # === GETTERS === #

    @api.model
    @ormcache()
    def _get_billing_zones(self):
        """Return in which time zones there are companies, archived ones too.

        :return: `{time zone: ids of companies}`
        :rtype: dict[str, list[int]]
        """
        # In sudo mode because where a company is is no secret.
        companies_sudo = self.sudo().with_context(active_test=False).search_fetch([], ["billing_timezone"])
        return {zone: found.ids for zone, found in companies_sudo.grouped("billing_timezone").items()}

    def _get_billing_now(self):
        """Return the company's local time, without a time zone.

        Note: `self.ensure_one()`

        :rtype: datetime
        """
        return self._get_billing_time(fields.Datetime.now())

    def _get_billing_time(self, moment):
        """Return what the company's clock shows at a moment, without a time zone.

        Note: `self.ensure_one()`

        :param datetime moment: As the database has it, in UTC.
        :rtype: datetime
        """
        self.ensure_one()
        return get_local_time(moment, self.billing_timezone)

    def _get_billing_day_end(self, day):
        """Return the moment at which a day of the company is over.

        Note: `self.ensure_one()`

        :param date day: The day.
        :return: As the database has it, in UTC.
        :rtype: datetime
        """
        self.ensure_one()
        end = datetime.combine(day + timedelta(days=1), time(), ZoneInfo(self.billing_timezone))
        return end.astimezone(UTC).replace(tzinfo=None)

    def _get_billing_today(self):
        """Return the day that it is for the company.

        Note: `self.ensure_one()`

        :rtype: date
        """
        return self._get_billing_now().date()

    def _get_job_responsible(self):
        """Return who gets the to-do of background work that failed, empty where there is no manager.

        Note: `self.ensure_one()`

        :rtype: ResUsers
        """
        self.ensure_one()
        managers = [
            ("all_group_ids", "in", self.env.ref("service_billing.group_manager").ids),
            ("company_ids", "in", self.ids),
        ]
        return self.billing_job_user_id or self.env["res.users"].search(managers, order="id", limit=1)


def get_local_time(moment, zone):
    """Return what the clock shows somewhere.

    :param datetime moment: As the database has it, in UTC.
    :param str zone: The name of a time zone, such as `Europe/Berlin`.
    :return: Without a time zone.
    :rtype: datetime
    """
    return moment.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None)
