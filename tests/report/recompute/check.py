# SPDX-License-Identifier: MIT
"""What was compared, kind by kind, what is another, and what was not looked at."""
import collections
import decimal
import math

# metrics.csv has nine digits of what summary.json has whole, and an interval over three runs is four times as far off
CLOSE, CLOSE_P, WHOLE = 2e-8, 1e-5, 1e-11


def to_number(x):
    return math.nan if x in (None, "", "n/a") else float(x)


class Checker:
    def __init__(self):
        self.kind, self.compared, self.wrong, self.left_out = "", collections.Counter(), [], {}

    def begin(self, kind):
        self.kind = kind

    def leave_out(self, what, why):
        self.left_out[what] = why

    def fail(self, what, said, ours):
        self.wrong.append(f"{self.kind}: {what}: the report has {said!r}, the runs make it {ours!r}")

    def same(self, what, said, ours, close=CLOSE):
        """Two numbers, to `close` of their size; both may be none."""
        said, ours = to_number(said), to_number(ours)
        self.compared[self.kind] += 1
        if not (math.isnan(said) and math.isnan(ours)) and not abs(said - ours) <= close * max(1, abs(ours)):
            self.fail(what, said, ours)

    def equal(self, what, said, ours):
        self.compared[self.kind] += 1
        if said != ours:
            self.fail(what, said, ours)

    def within(self, what, said, low, high):
        """Of random draws: the report's are others than ours."""
        said = to_number(said)
        self.compared[self.kind] += 1
        if not low <= said <= high:
            self.fail(what, said, f"{low} to {high}")

    def shown(self, what, said, ours):
        """A number as text: ours, rounded to as many digits as stand there."""
        digits = decimal.Decimal(said).as_tuple().exponent
        self.compared[self.kind] += 1
        if not abs(float(said) - ours) <= 0.5000001 * 10.0 ** digits + 1e-9 * abs(ours):
            self.fail(what, said, ours)

    def total(self):
        return sum(self.compared.values())
