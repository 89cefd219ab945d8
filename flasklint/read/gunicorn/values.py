"""Gunicorn's conversions and validators (gunicorn/config.py), with their messages."""

from ...value import has_hole
from ..options import Option

# What a setting may be besides nothing, and what is said of anything else.
_CHOICES = {
    "proxy_protocol": ("off v1 v2 auto", "proxy_protocol must be: off, v1, v2, or auto"),
    "header_map_behaviour": ("drop refuse dangerous", "Invalid header map behaviour: {}"),
    "asgi_loop": ("auto asyncio uvloop", "Invalid ASGI loop: {}"),
    "asgi_lifespan": ("auto on off", "Invalid ASGI lifespan: {}"),
    "http_parser": ("auto fast python", "http_parser must be one of: auto, fast, python"),
    "http2_cleartext": ("off prior-knowledge upgrade both", "Invalid http2_cleartext: {}"),
    "reload_engine": ("auto poll inotify", "Invalid reload_engine: {!r}"),
}
_SYNONYMS = {"proxy_protocol": {"": "off", "false": "off", "none": "off", "true": "auto"}}
_INTEGERS = frozenset({"pos_int", "http2_stream_limit", "http2_window_size", "http2_frame_size"})


def converted(option: Option, text: str, rows: tuple[Option, ...]) -> tuple[object, str]:
    """Convert an option's text; the second part is the message where Gunicorn refuses it.

    `rows` are what the releases in question make of the setting: all of them have to refuse.
    """
    if option.type in ("int", "auto_int"):
        number = _integer(text, octal=option.type == "auto_int")
        if number is None:
            message = f"gunicorn: error: argument {'/'.join(option.flags)}: invalid {option.type} value: {text!r}"
            return None, message
        value, message = checked(rows, number)
    else:
        value, message = checked(rows, text)
    return value, f"Error: {message}" if message else ""


def checked(rows: tuple[Option, ...], value: object) -> tuple[object, str]:
    """Check a value as the setting's validators do: the newest that takes it counts."""
    newest = _checked(rows[-1], value)
    if not newest[1]:
        return newest
    older = (_checked(row, value) for row in reversed(rows[:-1]))
    return next((told for told in older if not told[1]), newest)


def _checked(option: Option, value: object) -> tuple[object, str]:
    """Check a value for one release; validators not named here let it pass."""
    if option.check in _INTEGERS:
        return _positive(value)
    if option.check == "bool":
        return _boolean(value)
    if option.check in ("string", "chdir") and value is not None and not isinstance(value, str):
        return None, f"Not a string: {value}"
    if option.check == "string_to_list":
        return _listed(value)
    if option.check == "string_to_addr_list":
        return _addresses(value)
    if option.check == "list_string":
        return _strings(value)
    if option.check in _CHOICES and isinstance(value, str):
        return _chosen(option.check, value)
    return value.strip() if isinstance(value, str) else value, ""


def _integer(text: str, octal: bool) -> int | None:
    """`int(text)`, or base 0 with the old octal form for `auto_int`."""
    if len(text) > 100:
        return None
    try:
        if not octal:
            return int(text)
        old = len(text) > 1 and text[0] == "0" and text[1].isdigit()
        return int(f"0o{text[1:]}" if old else text, 0)
    except ValueError:
        return None


def _positive(value: object) -> tuple[object, str]:
    if isinstance(value, str):
        try:
            value = int(value, 0) if len(value) < 100 else None
        except ValueError:
            return None, f"invalid literal for int() with base 0: {value!r}"
    if not isinstance(value, int):
        return None, "int() can't convert non-string with explicit base"
    return (int(value), "") if value >= 0 else (None, f"Value must be positive: {value}")


def _boolean(value: object) -> tuple[object, str]:
    if value is None or isinstance(value, bool):
        return value, ""
    if not isinstance(value, str):
        return None, f"Invalid type for casting: {value}"
    text = value.lower().strip()
    return (text == "true", "") if text in ("true", "false") else (None, f"Invalid boolean: {value}")


def _listed(value: object) -> tuple[object, str]:
    if value is None or value == "":
        return (), ""
    if not isinstance(value, str):
        return None, f"Not a string: {value}"
    return tuple(part.strip() for part in value.split(",") if part), ""


def _strings(value: object) -> tuple[object, str]:
    if not value:
        return (), ""
    texts = [value] if isinstance(value, str) else value
    if not isinstance(texts, (list, tuple)):
        return None, f"{type(value).__name__!r} object is not iterable"
    wrong = next((text for text in texts if text is not None and not isinstance(text, str)), None)
    if wrong is not None:
        return None, f"Not a string: {wrong}"
    return tuple(text.strip() for text in texts if isinstance(text, str)), ""


def _addresses(value: object) -> tuple[object, str]:
    """A list of IP addresses or networks, since 23; a network without host bits, since 25."""
    listed, message = _listed(value)
    texts = listed if isinstance(listed, tuple) else ()
    for text in texts:
        if text in ("*", "127.0.0.1", "::1") or has_hole(text):
            continue
        from ipaddress import ip_network  # rarely asked for

        try:
            ip_network(text)
        except ValueError as error:
            return None, str(error)
    return listed, message


def _chosen(check: str, value: str) -> tuple[object, str]:
    choices, message = _CHOICES[check]
    text = value if check == "reload_engine" else value.strip().lower()
    text = _SYNONYMS.get(check, {}).get(text, text)
    return (text, "") if text in choices.split() or has_hole(text) else (None, message.format(value))
