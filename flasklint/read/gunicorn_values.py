"""Gunicorn's conversions and validators (gunicorn/config.py), with their messages."""

from .options import Option

_PROXY_PROTOCOLS = frozenset({"", "off", "false", "none", "true", "auto", "v1", "v2"})
_INTEGERS = frozenset({"pos_int", "http2_stream_limit", "http2_window_size", "http2_frame_size"})


def converted(option: Option, text: str) -> tuple[object, str]:
    """Convert an option's text; the second part is the message where Gunicorn refuses it."""
    if option.type in ("int", "auto_int"):
        number = _integer(text, octal=option.type == "auto_int")
        if number is None:
            message = f"gunicorn: error: argument {'/'.join(option.flags)}: invalid {option.type} value: {text!r}"
            return None, message
        value, message = checked(option, number)
    else:
        value, message = checked(option, text)
    return value, f"Error: {message}" if message else ""


def checked(option: Option, value: object) -> tuple[object, str]:
    """Check a value as the setting's validator does; validators not named here let it pass."""
    if option.check in _INTEGERS:
        return _positive(value)
    if option.check == "bool":
        return _boolean(value)
    if option.check in ("string", "chdir") and value is not None and not isinstance(value, str):
        return None, f"Not a string: {value}"
    if option.check in ("string_to_list", "string_to_addr_list"):
        return _listed(value)
    if option.check == "list_string":
        return _strings(value)
    if option.check == "proxy_protocol" and isinstance(value, str):
        known = value.strip().lower() in _PROXY_PROTOCOLS
        return (value.strip().lower(), "") if known else (None, "proxy_protocol must be: off, v1, v2, or auto")
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
