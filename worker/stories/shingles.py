"""Hashes of words and of runs of words, the same on every machine and in every process, since they are stored."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from struct import pack
from sys import byteorder
from typing import Final
from zlib import crc32

SHINGLE: Final = 5
"""Words in a shingle, as in Broder, "On the resemblance and containment of documents", 1997."""

_DIGIT: Final = 8  # bytes; what stands in one is less than 5 * 2**60 and does not reach the next
_PLACES: Final = (0x9E3779B, 0xC2B2AE3, 0x85EBCA7, 0xA54FF53, 0xE6546B7)
"""What the words of a shingle weigh by their places: 28 bits each, and odd, so that no bit of a word is lost."""

_WEIGHTS: Final = sum(weight << 8 * _DIGIT * at for at, weight in enumerate(_PLACES))
_EVEN: Final = ((1 << 58) - 1).to_bytes(_DIGIT, "little")
"""The bits of a sum of five that are set as often as not; those above them are not."""


def shingles(words: Sequence[str]) -> array[int]:
    """Return a hash of 58 bits for every run of five words, in order; one for all words when there are fewer.

    It is the sum of the hashes of the words, each times the weight of its place. A long multiplication makes the sums
    of all runs at once: of a number that has a digit for every word by one that has a digit for every place.
    """
    count = len(words)
    hashes = map(crc32, " ".join(words).encode().split())  # as of word_hash, encoded at once
    number = int.from_bytes(pack(f"<{count}Q", *hashes), "little")
    sums = number * _WEIGHTS & int.from_bytes(_EVEN * count, "little")
    found = array("q", sums.to_bytes(_DIGIT * count, "little"))
    if byteorder == "big":
        found.byteswap()
    return found[min(count, SHINGLE) - 1 :] if count else found


def word_hash(word: str) -> int:
    """Return 32 bits for ``word``, as they weigh in its shingles."""
    return crc32(word.encode())
