"""What every section of company.yaml is made of. No Django here."""

from pydantic import BaseModel, ConfigDict

from hbu.company.fields import Text


class Entry(BaseModel):
    # A number is welcome where a word is meant: people do not quote postcodes.
    model_config = ConfigDict(extra="forbid", frozen=True, coerce_numbers_to_str=True)


class LocalText(Entry):
    de: Text
    en: Text

    def in_language(self, language: str) -> str:
        return self.de if language.startswith("de") else self.en
