from . import audit_trail
from . import portal
from . import portal_open_items
from . import portal_delivery
from . import stripe
from . import pay_page
from . import pay_portal
from . import card_page
