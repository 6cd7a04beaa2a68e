"""What `dev` runs: sets the machine up, then serves, tests and checks the add-on.

Standard library only, except for `testing`, `bench` and `scenario`, which run inside the virtual environment.
"""
