"""Options that belong together are declared once, as a NamedTuple, and taken by many commands.

A command that has a parameter of such a type has all its options on the command line, in the order
of the fields, and gets them as one value.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from inspect import Parameter
from typing import Any, get_type_hints


class Spread:
    """A command whose bundles of options are spread over its signature, for typer to read."""

    def __init__(
        self,
        make: Callable[..., Any],
        *,
        before: Iterable[Parameter] = (),
        after: Iterable[Parameter] = (),
        passed: int = 0,
    ) -> None:
        """`passed`: so many first parameters are no options: the caller gives them."""
        self._make = make
        self._bundles: dict[str, type] = {}
        hints = get_type_hints(make, include_extras=True)
        own: list[Parameter] = []
        for parameter in list(inspect.signature(make).parameters.values())[passed:]:
            hint = hints[parameter.name]
            if isinstance(hint, type) and issubclass(hint, tuple) and hasattr(hint, "_fields"):
                self._bundles[parameter.name] = hint
                own += _fields(hint)
            else:
                own.append(option(parameter.name, hint, parameter.default))
        parameters = [*before, *own, *after]
        self.__name__ = make.__name__
        self.__doc__ = make.__doc__
        self.__signature__ = inspect.Signature(parameters)
        self.__annotations__ = {p.name: p.annotation for p in parameters}

    def __call__(self, *passed: Any, **given: Any) -> Any:
        """Call it with its bundles put together."""
        for name, bundle in self._bundles.items():
            given[name] = bundle(*(given.pop(field.name) for field in _fields(bundle)))
        return self._make(*passed, **given)


def option(name: str, annotation: Any, default: Any = Parameter.empty) -> Parameter:
    """A parameter of a command, given by name."""
    return Parameter(name, Parameter.KEYWORD_ONLY, default=default, annotation=annotation)


def _fields(bundle: Any) -> list[Parameter]:
    """The options of a bundle."""
    hints = get_type_hints(bundle, include_extras=True)
    defaults = bundle._field_defaults
    return [option(name, hints[name], defaults[name]) for name in bundle._fields]
