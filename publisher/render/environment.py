"""The template environment: Jinja2, escaping always, refusing names that do not exist.

Templates are looked up in a list of folders, the newsroom's own first, so that a newsroom overrides one file and
keeps the rest. They come from the installation, never from the store.
"""

from collections.abc import Sequence
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateError, TemplateSyntaxError

from publisher.model.errors import ConfigurationError


def template_environment(folders: Sequence[Path]) -> Environment:
    """An environment over template folders (each one holds `email/`, `web/`, ...), first match wins."""
    return Environment(
        loader=FileSystemLoader(folders),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def render_template(environment: Environment, name: str, values: dict[str, object]) -> str:
    """Renders one template; a template that cannot be used is a fault of the configuration, named by its file."""
    try:
        return environment.get_template(name).render(values)
    except TemplateError as error:
        raise template_fault(name, error) from error


def read_source(folders: Sequence[Path], name: str) -> str:
    """A file of the template folders as it is, first match wins: for style sheets, in which nothing is filled in."""
    for folder in folders:
        if (folder / name).is_file():
            return (folder / name).read_text(encoding="utf-8")
    raise ConfigurationError([f"templates/{name}: is in none of the folders {', '.join(map(str, folders))}."])


def template_fault(name: str, error: TemplateError) -> ConfigurationError:
    """Says which template is at fault and where; an override may be mended or simply removed."""
    where = name
    # Only syntax errors know their file and line; an undefined name is reported from wherever it was used.
    if isinstance(error, TemplateSyntaxError):
        where = f"{error.name or name}:{error.lineno}"
    cure = "Mend it, or remove it from the newsroom's templates to use the one that came with the publisher."
    return ConfigurationError([f"templates/{where}: {error.message or type(error).__name__}. {cure}"])
