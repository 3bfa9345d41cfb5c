"""Mails made up in the shapes that programs, lists and accidents give them, with what they say."""

from tests.corpora.specimens.specimen import Specimen

__all__ = ["Specimen"]
