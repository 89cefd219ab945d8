"""Defaults that Gunicorn takes from the environment when it starts, whether or not they come into force."""

from ...facts import Environment, Problem
from ...value import Known, Unknown, Value, has_hole
from .table import Table
from .values import checked


def from_variables(environment: Environment, known: Table, problems: list[Problem]) -> dict[str, Value[object]]:
    """Return the defaults of WEB_CONCURRENCY and FORWARDED_ALLOW_IPS; PORT belongs to the binds.

    Gunicorn converts and checks both even where the setting is written elsewhere (gunicorn/config.py, 20.1 to 27).
    """
    found: dict[str, Value[object]] = {}
    for name, variable in (("workers", "WEB_CONCURRENCY"), ("forwarded_allow_ips", "FORWARDED_ALLOW_IPS")):
        value = environment.get(variable)
        if isinstance(value, Known):
            found[name] = _converted(name, value, known, problems)
        elif isinstance(value, Unknown):
            found[name] = value
    return found


def _converted(name: str, variable: Known[str], known: Table, problems: list[Problem]) -> Value[object]:
    raw: object = variable.value
    if has_hole(variable.value):
        return Unknown("depends on a variable", variable.at)
    if name == "workers":
        try:
            raw = int(variable.value[:100])
        except ValueError as error:
            problems.append(Problem("gunicorn", "bad-value", f"ValueError: {error}", variable.at))
            return Unknown("Gunicorn refuses it", variable.at)
    value, message = checked(known.variants[name], raw)
    if message:
        kind = "bad-workers" if name == "workers" else "bad-value"
        problems.append(Problem("gunicorn", kind, f"Error: {message}", variable.at))
        return Unknown("Gunicorn refuses it", variable.at)
    return Known(value, variable.at)
