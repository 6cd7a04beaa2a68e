"""The document: a draft comes in; a numbered, posted, locked invoice or credit note goes out.

Statuses of a document: draft, open, partially_paid, paid, cancelled.
"""

from . import res_company
from . import res_config_settings
from . import res_partner
from . import res_partner_match
from . import res_partner_open
from . import res_partner_print
from . import account_move
from . import account_move_line
from . import account_move_event
from . import service_billing_event
from . import account_move_lock
from . import account_move_credit
from . import account_move_deduction
from . import account_move_print
from . import account_move_annex
from . import account_move_customer
from . import account_move_einvoice
from . import account_move_tag
from . import account_move_tax
from . import account_move_template
from . import account_move_finalize
from . import service_batch_document
from . import service_open_item
from . import account_move_open
from . import account_move_list
from . import account_move_detail
from . import service_preflight_rule
from . import account_move_checks
from . import account_move_preflight
from . import account_move_fix
from . import service_finalize_batch
from . import service_finalize_line
from . import account_edi_xml_cii
from . import account_edi_xml_ubl_20
from . import account_tax
from . import service_billing_run
from . import service_invoice_tag
from . import service_invoice_template
from . import service_invoice_template_field
from . import service_invoice_template_line
from . import service_billing_run_line
from . import service_invoice_import
from . import service_invoice_import_column
from . import service_invoice_import_line
from . import service_invoice_import_values
from . import service_invoice_import_file
from . import service_draft_batch
from . import service_draft_item
from . import service_draft_line
