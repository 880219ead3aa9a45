"""The words and the rule, as pure functions: no clock, no database, no Django.

Everything here takes the day as an argument and is handed only plain values, so that a status can
be recomputed by anyone, for any day. `docs/method.md` says the same in prose.
"""
