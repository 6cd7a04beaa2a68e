from odoo import SUPERUSER_ID

from .common_jobs import performing_jobs
from .common_money import MoneyCommon


class BillingRunCommon(MoneyCommon):
    """Customers with open charges, and the runs that bill them. Every charge is free of tax."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.billing_timezone = "UTC"

    @classmethod
    def _charge(cls, partner=None, price=100.0, **values):
        return cls.env["service.charge"].create(
            {"partner_id": (partner or cls.customer).id, "name": "Visit", "price_unit": price, "tax_ids": [], **values}
        )

    @classmethod
    def _give_cycle(cls, partner=None, **values):
        return cls.env["service.billing.profile"].create({"partner_id": (partner or cls.customer).id, **values})

    @classmethod
    def _preview(cls, user=None, **values):
        run = cls.env["service.billing.run"].with_user(user or cls.biller).create(values)
        run.action_preview()
        return run

    @classmethod
    def _run(cls, run):
        """Start the run and perform its jobs."""
        with performing_jobs():
            result = run.action_run()
        run.invalidate_recordset()
        return result

    @classmethod
    def _bill_cycles(cls):
        """Do what the scheduled action does, jobs included."""
        with performing_jobs():
            cls._get_runs_of_the_system()._cron_bill_cycles()
        cls.env.invalidate_all()

    @classmethod
    def _get_runs_of_the_system(cls):
        return cls.env["service.billing.run"].with_user(SUPERUSER_ID)

    @classmethod
    def _get_drafts(cls, partner=None):
        domain = [("partner_id", "=", (partner or cls.customer).id), ("move_type", "=", "out_invoice")]
        return cls.env["account.move"].search(domain, order="id")
