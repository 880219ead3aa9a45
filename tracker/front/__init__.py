"""Public pages out of memory: the outermost layer, before Django, sessions and the database.

A public page depends on path, query, language (which is in the path), day and revision, and on
nothing else: docs/decisions/0024-front-cache.md. What is not sure to be such a page goes through
to Django as it came.
"""
