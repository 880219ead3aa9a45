"""The public API: read only, without a login, the same filter and day as the pages."""
