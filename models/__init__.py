"""The stages, in the order the money flows."""

from . import settings
from . import audit
from . import print
from . import order
from . import subscription
from . import charge
from . import invoice
from . import send
from . import pay
