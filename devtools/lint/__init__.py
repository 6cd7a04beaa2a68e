"""Checks of our own that no tool makes: each yields one sentence a finding, `file: what is wrong`."""

from .access import check_access
from .manifest import check_manifest
from .size import check_sizes

CHECKS = (check_manifest, check_access, check_sizes)
