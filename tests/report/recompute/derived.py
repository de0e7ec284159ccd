# SPDX-License-Identifier: MIT
"""Differences and ratios in tables: over pairs of runs that are alike on `over`."""
import re

from runs import is_called, listed
from sums import number

NAME = re.compile(r"(difference|ratio) of ([^ ,]+) to \w+=")


def parse_name(head):
    """("difference", "test/auc") of a column that follows from others, else none."""
    said = NAME.match(head)
    return said.groups() if said else None


def fill_derived(item, cell, others):
    """What pairs of the cell's runs and of those that it is held against come to. No number where that is itself."""
    (axis, against), = item[cell.kind].items()
    at, over = item.get("at", "last"), listed(item.get("over", "seed"))
    if is_called(str(against), axis, cell.heads[axis]):
        cell.cases = cell.runs = []
    theirs = {tuple(r.case[a] for a in over): r for r in others}
    pairs = [(r, theirs.get(tuple(r.case[a] for a in over))) for r in cell.runs]
    sides = [(x.value(cell.name, at), y.value(cell.name, at), x, y) for x, y in pairs if y]
    sides = [s for s in sides if None not in s and (cell.kind == "difference" or s[1] != 0)]
    cell.sums = number([x - y if cell.kind == "difference" else x / y for x, y, *_ in sides])
    cell.numbers, cell.asked = [r.number for s in sides for r in s[2:]], 2 * len(cell.cases)
