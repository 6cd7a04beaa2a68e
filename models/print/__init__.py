"""PDF documents: HTML and its header and footer in, one PDF file out.

`chromium` is a plain function that knows nothing of Odoo, with `chromium_pipe`, `chromium_page`, `html_sheets`,
`pdf_stack`, `render_slot` and `render_error` behind it; `ir_actions_report` hands it what Odoo rendered, `ir_binary`
answers what a document refers to, and `account_move_send` keeps electronic invoices convertible to PDF/A.
"""

from . import ir_actions_report
from . import ir_binary
from . import account_move_send
