"""`pk__among=keys`: one parameter for any number of keys, where `__in` has one for each."""

import json

from django.db.models import Field, Lookup


@Field.register_lookup
class Among(Lookup):
    """Whether a whole number is one of a list. SQLite takes 32,766 parameters at most."""

    lookup_name = "among"

    def get_prep_lookup(self):
        return [int(key) for key in self.rhs]

    def get_db_prep_lookup(self, value, connection):
        return "%s", [json.dumps(value) if connection.vendor == "sqlite" else value]

    def as_sqlite(self, compiler, connection):
        left, params = self.process_lhs(compiler, connection)
        right, keys = self.process_rhs(compiler, connection)
        return f"{left} IN (SELECT value FROM json_each({right}))", (*params, *keys)

    def as_postgresql(self, compiler, connection):
        left, params = self.process_lhs(compiler, connection)
        right, keys = self.process_rhs(compiler, connection)
        return f"{left} = ANY({right})", (*params, *keys)
