"""What anyone may take: the public tables, each column with its type and its words.

Rows are those that are published of open plans; superseded ones too, with the days on which they
were shown, so that every status can be computed again.
"""

from commitments.open_data.columns import as_json
from commitments.open_data.tables import TABLES, Table

__all__ = ["TABLES", "Table", "as_json"]
