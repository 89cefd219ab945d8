"""Which repairs can be made together, and the files that come of them."""

from bisect import bisect_left, insort
from collections.abc import Iterable

from ..finding import Edit, Finding
from ..record import Record

_Place = tuple[int, int, str]  # start, end, text


class Repair(Record):
    """A finding and what its fix comes to in edits of text."""

    finding: Finding
    edits: tuple[Edit, ...]

    @property
    def targets(self) -> set[str]:
        """The files (absolute paths) that it edits."""
        return {edit.at.source.target for edit in self.edits}


def choose(repairs: Iterable[Repair]) -> list[Repair]:
    """Return the repairs that do not touch what one before them edits. Equal edits are one edit."""
    taken: dict[str, list[_Place]] = {}
    chosen = []
    for repair in repairs:
        edits = _places(repair)
        if all(_is_free(place, taken.get(target, [])) for target, place in edits):
            chosen.append(repair)
            for target, place in edits:
                _take(place, taken.setdefault(target, []))
    return chosen


def is_whole(repair: Repair) -> bool:
    """Tell whether the edits of a repair leave each other alone."""
    taken: dict[str, list[_Place]] = {}
    for target, place in _places(repair):
        if not _is_free(place, taken.setdefault(target, [])):
            return False
        _take(place, taken[target])
    return True


def apply(repairs: Iterable[Repair]) -> dict[str, str]:
    """Return the texts that files (absolute paths) have after the edits of repairs that can be made together."""
    edits: dict[str, set[_Place]] = {}
    texts: dict[str, str] = {}
    for repair in repairs:
        texts |= {edit.at.source.target: edit.at.source.text for edit in repair.edits}
        for target, place in _places(repair):
            edits.setdefault(target, set()).add(place)
    return {target: _edited(texts[target], sorted(places)) for target, places in edits.items()}


def _edited(text: str, places: list[_Place]) -> str:
    pieces: list[str] = []
    at = 0
    for start, end, new in places:
        pieces += (text[at:start], new)
        at = end
    return "".join((*pieces, text[at:]))


def _places(repair: Repair) -> list[tuple[str, _Place]]:
    return [(edit.at.source.target, (edit.at.start, edit.at.end, edit.text)) for edit in repair.edits]


def _is_free(place: _Place, taken: list[_Place]) -> bool:
    """Tell whether a place lies between the taken ones, which are sorted and do not overlap, or equals one.

    Two texts put in at the same point are in each other's way: nobody says which comes first.
    """
    start, end, _ = place
    index = bisect_left(taken, place)
    if index < len(taken) and taken[index] == place:
        return True
    neighbours = taken[max(index - 1, 0) : index + 1]
    return not any((other[0] < end and start < other[1]) or other[:2] == (start, end) for other in neighbours)


def _take(place: _Place, taken: list[_Place]) -> None:
    if place not in taken[bisect_left(taken, place) :][:1]:
        insort(taken, place)
