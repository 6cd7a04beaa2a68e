"""The document: a draft comes in; a numbered, posted, locked invoice or credit note goes out.

Statuses of a document: draft, open, partially_paid, paid, cancelled.
"""

from . import res_partner
from . import account_move
from . import account_move_line
from . import account_move_lock
from . import account_move_credit
from . import account_move_print
from . import account_move_finalize
from . import service_finalize_batch
from . import service_finalize_line
from . import account_tax
from . import service_billing_run_line
