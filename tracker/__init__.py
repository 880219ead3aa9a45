"""Wiring only: settings, addresses, middleware. Behaviour lives in commitments."""
