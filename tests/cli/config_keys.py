"""Every key that a configuration may have, from the settings themselves."""

import typing
from collections.abc import Iterator

from pydantic import BaseModel

from publisher.settings import Settings

OURS = {"file", "folder"}  # set by loading, not by the file


def config_keys() -> list[str]:
    """The paths of all keys, tables too: `newsroom.name`, `sources.options.byline`."""
    return [path for path in iter_keys(Settings, "") if path not in OURS]


def iter_keys(model: type[BaseModel], prefix: str) -> Iterator[str]:
    """The keys of one table and of those in it."""
    for name, field in model.model_fields.items():
        path = f"{prefix}{field.alias or name}"
        yield path
        for part in models_in(field.annotation):
            yield from iter_keys(part, f"{path}.")


def models_in(annotation: object) -> Iterator[type[BaseModel]]:
    """The tables that a key's type names, however deep."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in typing.get_args(annotation):
        yield from models_in(argument)
