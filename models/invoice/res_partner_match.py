from collections import defaultdict
from typing import NamedTuple

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, email_normalize

from ..logic.text_similarity import MAX_OFFERS, Match, canonical_name, match_name

MAX_CANDIDATES = 30


class NamedCustomer(NamedTuple):
    """A customer as a file names it; what the file does not say is empty."""

    name: str
    email: str
    vat: str


class ResPartner(models.Model):
    """Which customer is meant where a file has a name, an e-mail address or a VAT number."""

    _inherit = "res.partner"

    billing_match_name = fields.Char(
        string="Name to Compare", compute="_compute_billing_match_name", store=True, precompute=True, index="trigram"
    )

    # === COMPUTE METHODS === #

    @api.depends("name")
    def _compute_billing_match_name(self):
        for partner in self:
            partner.billing_match_name = canonical_name(partner.name or "")

    # === BUSINESS METHODS - MATCH === #

    @api.model
    def _match_customers(self, customers, company):
        """Find which partners are meant. A partner of another company is never among them, and none is created.

        An equal VAT number or e-mail address decides, then the name; where several could be meant, or where the VAT
        number of the one with the name differs, the partners are only offered.

        :param set customers: `NamedCustomer`s.
        :param company: The company whose customers they are.
        :return: The match of each; its keys are ids of partners.
        :rtype: dict[NamedCustomer, Match]
        """
        domain = self._get_match_domain(company)
        by_vat = self._search_by_vat({_plain_vat(customer.vat) for customer in customers} - {""}, domain)
        by_email = self._search_by_email({email_normalize(customer.email) for customer in customers} - {False}, domain)
        names = {canonical_name(customer.name) for customer in customers if customer.name} - {""}
        by_name = self._search_by_name(names, domain)
        matches = {}
        for customer in customers:
            known = by_vat[_plain_vat(customer.vat)] | by_email[email_normalize(customer.email)]
            if known:
                offers = tuple((partner_id, 100.0) for partner_id in sorted(known)[:MAX_OFFERS])
                matches[customer] = Match(offers[0][0] if len(known) == 1 else None, offers)
            else:
                matches[customer] = self._match_by_name(customer, by_name[canonical_name(customer.name)])
        return matches

    @api.model
    def _match_by_name(self, customer, candidates):
        match = match_name(customer.name, ((partner_id, name) for partner_id, name, _vat in candidates))
        vats = {partner_id: _plain_vat(vat) for partner_id, _name, vat in candidates}
        is_other = customer.vat and vats.get(match.chosen) not in ("", None, _plain_vat(customer.vat))
        return match._replace(chosen=None) if is_other else match

    # === GETTERS === #

    @api.model
    def _get_match_domain(self, company):
        """Return which partners may be matched: customers of the company or of all, but not the company itself.

        :rtype: Domain
        """
        return Domain("company_id", "in", (False, company.id)) & Domain("id", "!=", company.partner_id.id)

    @api.model
    def _search_by_vat(self, vats, domain):
        """Return `{plain VAT number: ids of commercial partners}`; a default of none."""
        query = self._search(domain & Domain("vat", "!=", False))
        plain = SQL("regexp_replace(upper(%s), '[^A-Z0-9]', '', 'g')", self._field_to_sql(self._table, "vat", query))
        query.add_where(SQL("%s = ANY(%s)", plain, list(vats)))
        commercial = self._field_to_sql(self._table, "commercial_partner_id", query)
        return self._group_pairs(self.env.execute_query(query.select(plain, commercial)) if vats else ())

    @api.model
    def _search_by_email(self, emails, domain):
        """Return `{normalized e-mail address: ids of commercial partners}`; a default of none."""
        partners = self.search_fetch(
            domain & Domain("email_normalized", "in", list(emails)), ["email_normalized", "commercial_partner_id"]
        )
        return self._group_pairs((partner.email_normalized, partner.commercial_partner_id.id) for partner in partners)

    @api.model
    def _group_pairs(self, pairs):
        groups = defaultdict(set)
        for key, partner_id in pairs:
            groups[key].add(partner_id)
        return groups

    @api.model
    def _search_by_name(self, names, domain):
        """Return what is worth comparing with each name: who is called the same, else who is called alike.

        :param set names: Canonical names.
        :return: `{name: [(id, name, VAT number)]}`; a default of none.
        :rtype: dict
        """
        found = defaultdict(list)
        customers = domain & (Domain("is_company", "=", True) | Domain("parent_id", "=", False))
        same = customers & Domain("billing_match_name", "in", list(names))
        for partner in self.search_fetch(same, ["billing_match_name", "name", "vat"]):
            found[partner.billing_match_name].append((partner.id, partner.name, partner.vat))
        others = sorted(names - found.keys())
        if others:
            search = self._select_by_trigram if self.env.registry.has_trigram else self._select_by_word
            for name, *candidate in self.env.execute_query(search(self._search(customers), others)):
                found[name].append(tuple(candidate))
        return found

    @api.model
    def _select_by_trigram(self, query, names):
        match_name = self.env.registry.unaccent(self._field_to_sql(self._table, "billing_match_name", query))
        query.add_where(SQL("%s %% wanted.name", match_name))
        query.order = SQL("similarity(%s, wanted.name) DESC", match_name)
        query.limit = MAX_CANDIDATES
        return SQL(
            "SELECT wanted.name, found.* FROM unnest(%s::text[]) AS wanted(name) CROSS JOIN LATERAL (%s) AS found",
            names,
            self._select_candidate(query),
        )

    @api.model
    def _select_by_word(self, query, names):
        """Without trigrams: what shares a whole word with the name."""
        match_name = self._field_to_sql(self._table, "billing_match_name", query)
        query.add_where(SQL("string_to_array(%s, ' ') && string_to_array(wanted.name, ' ')", match_name))
        return SQL(
            "SELECT wanted.name, found.* FROM unnest(%s::text[]) AS wanted(name) CROSS JOIN LATERAL (%s) AS found",
            names,
            self._select_candidate(query),
        )

    @api.model
    def _select_candidate(self, query):
        return query.select(*(self._field_to_sql(self._table, name, query) for name in ("id", "name", "vat")))


def _plain_vat(vat):
    """Return a VAT number without spaces and signs."""
    return "".join(sign for sign in (vat or "").upper() if sign.isascii() and sign.isalnum())
