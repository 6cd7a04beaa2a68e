from odoo import fields, models
from odoo.exceptions import UserError


class AccountMove(models.Model):
    """What is wrong with a draft, or looks wrong, before finalize makes it final."""

    _inherit = "account.move"

    billing_preflight = fields.Json(
        string="Before You Finalize",
        compute="_compute_billing_preflight",
        help="What to look at first, as a list of `{'code': str, 'level': str, 'message': str, 'has_fix': bool}`.",
    )

    # === COMPUTE METHODS === #

    def _compute_billing_preflight(self):
        # Without dependencies: it is looked at when the draft is opened, not while it is written.
        findings = self._origin._get_preflight_findings()
        for move in self:
            move.billing_preflight = findings.get(move._origin, [])

    # === BUSINESS METHODS - FINALIZE === #

    def _check_finalizable(self):
        super()._check_finalizable()
        drafts = self.filtered(lambda move: move.billing_managed and move.state == "draft" and not move._is_mirror())
        for messages in drafts._get_check_messages(("blocking",)).values():
            for message in messages.values():
                raise UserError(message)

    # === GETTERS === #

    def _get_preflight_findings(self):
        """Return what is wrong with the drafts, or looks wrong; what keeps them from being finalized comes first.

        :return: For each draft with a finding its findings, as `billing_preflight` has them.
        :rtype: dict
        """
        drafts = self.filtered(lambda move: move.billing_managed and move.state == "draft")
        checked = {level: drafts._get_check_messages((level,)) for level in ("blocking", "warning")}
        findings = {}
        for draft in drafts:
            blocking = draft._get_finalize_constraints() | checked["blocking"].get(draft, {})
            warnings = checked["warning"].get(draft, {})
            listed = [("blocking", *finding) for finding in blocking.items()]
            listed += [("warning", *finding) for finding in warnings.items()]
            if listed:
                findings[draft] = [draft._prepare_finding(*finding) for finding in listed]
        return findings

    def _prepare_finding(self, level, code, message):
        return {"code": code, "level": level, "message": message, "has_fix": code in self._get_fixable_codes()}

    def _get_check_messages(self, levels):
        """Return what the checks find that have one of the levels in the company of the draft.

        :param tuple levels: Some of the levels of `service.preflight.rule`.
        :return: `{draft: {check: sentence}}`, without the drafts of which nothing is found.
        :rtype: dict
        """
        rules = self.env["service.preflight.rule"]
        messages = {}
        for company, drafts in self.grouped("company_id").items():
            for code, level in rules._get_levels(company.id).items():
                found = getattr(drafts, f"_get_preflight_{code}")() if level in levels else {}
                for draft, message in found.items():
                    messages.setdefault(draft, {})[code] = message
        return messages
