"""How many promises each choice of the filter would show, all counted from one roll."""

from functools import reduce
from operator import and_


class Counts:
    """What a filter's fields would find.

    `asked` has the values asked for of each field of choices, `conditions` the sets of promises
    that whatever else narrows would show, by name.
    """

    def __init__(self, roll, asked, conditions):
        self.roll = roll
        self.parts = {name: roll.set(name, values) for name, values in asked.items() if values}
        self.parts |= conditions
        self._others = {}

    @property
    def total(self):
        """All that the plan shows on the day."""
        return self.roll.shown.bit_count()

    def found(self, *left_out):
        """The set of what is found, some fields or conditions left out."""
        parts = (part for name, part in self.parts.items() if name not in left_out)
        return reduce(and_, parts, self.roll.shown)

    def without(self, *names):
        """How many there would be without some fields or conditions."""
        return self.found(*names).bit_count()

    def of(self, name, value):
        """How many a choice of a field would show: its values widen, so all others are kept."""
        if name not in self._others:
            self._others[name] = self.found(name)
        return (self._others[name] & self.roll.set(name, [value])).bit_count()

    def has(self, name, value):
        """Whether any promise of the plan has it, whatever is asked."""
        return value in self.roll.sets[name]
