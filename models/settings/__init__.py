"""What every stage asks first: how this company works and bills, and how a row is locked."""

from . import res_company
from . import res_config_settings
