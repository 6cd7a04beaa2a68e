"""Measure the add-on against core: two workers, one database without the add-on and one with it, in turn."""
