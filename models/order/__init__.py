"""What was agreed and done: in comes a customer's request, out goes finished work with its time, parts and signature.

States of an order: new, scheduled, in_progress, done, cancelled.
"""

from . import ir_http
from . import product_product
from . import product_template
from . import res_company
from . import res_partner
from . import res_users
from . import stock_move
from . import calendar_event
from . import service_priced_mixin
from . import service_order_type
from . import service_order
from . import service_order_customer
from . import service_order_lock
from . import service_order_schedule
from . import service_order_parts
from . import service_order_plan
from . import service_order_quotation
from . import service_order_screen
from . import service_order_line
from . import service_order_line_lock
from . import service_order_line_plan
from . import service_order_line_stock
from . import service_order_print
from . import sale_order
from . import sale_order_line
