"""A stand-in for Stripe on this machine: its own server, with a memory that ends with the process.

It takes what the official SDK sends, checks every parameter against the SDK's typed classes, moves pretended money and
signs events. `python -m devtools.stripe_double --help` says how to start it; `client.py` is its remote control.
"""
