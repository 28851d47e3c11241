"""Settings that hold for every test."""

from hypothesis import settings

# Two cores are shared with other work: a slow moment is no failure. pytest's own timeout still bounds a test.
settings.register_profile("punchdown", deadline=None, print_blob=True)
settings.load_profile("punchdown")
