"""Rules that need no database: plain values in, plain values out; no ``odoo`` import, no clock, no float money."""
