"""What the RUN lines of a Dockerfile install."""

from ..source import Source
from .dockerlines import instructions, json_words
from .placed import Placed

_PYTHON_TOOLS = {
    "pip": "install",
    "pip3": "install",
    "pipx": "install",
    "conda": "install",
    "mamba": "install",
    "poetry": "add",
    "uv": "add",
    "pdm": "add",
    "easy_install": "",
}
_SYSTEM_TOOLS = {
    "apt-get": "install",
    "apt": "install",
    "aptitude": "install",
    "apk": "add",
    "dnf": "install",
    "yum": "install",
    "microdnf": "install",
}
# Options of any of them whose next word is no name of a package.
_TAKES_VALUE = frozenset(
    {"-r", "--requirement", "-c", "--constraint", "-e", "--editable", "-i", "--index-url",
     "--extra-index-url", "-t", "--target", "--prefix", "--root", "--trusted-host", "-f",
     "--find-links", "--cache-dir", "--virtual", "-X", "--repository", "-o", "-n", "--name", "-p",
     "--python", "--platform", "--no-binary", "--only-binary", "--timeout"}
)  # fmt: skip


def installs(source: Source) -> frozenset[str]:
    """Return the names that RUN lines of any stage install with pip, apt, apk and their like.

    Names of Python distributions are normalised (PEP 503); others are as written, without a version.
    """
    found = set[str]()
    for instruction in instructions(source):
        if instruction.keyword == "RUN":
            for words in _commands(instruction.rest):
                found.update(_installed(words))
    return frozenset(found)


def _commands(rest: Placed) -> list[list[str]]:
    words = json_words(rest) if rest.text.startswith("[") else None
    if words is None:
        text = rest.text
        for operator in ("&&", "||", ";", "|", "(", ")", "\n"):
            text = text.replace(operator, "\0")
        return [piece.replace("'", "").replace('"', "").split() for piece in text.split("\0")]
    return [[word.text for word in words]]


def _installed(words: list[str]) -> list[str]:
    for index, word in enumerate(words):
        tool = word.rpartition("/")[2]
        tools = _PYTHON_TOOLS if tool in _PYTHON_TOOLS else _SYSTEM_TOOLS
        verb = tools.get(tool)
        rest = words[index + 1 :]
        if verb is None or (verb and verb not in rest):
            continue
        names = _arguments(rest[rest.index(verb) + 1 :] if verb else rest)
        return [_distribution(name) if tools is _PYTHON_TOOLS else name.partition("=")[0] for name in names]
    return []


def _arguments(words: list[str]) -> list[str]:
    return [
        word
        for index, word in enumerate(words)
        if not word.startswith(("-", ".", "/", "$"))
        and "://" not in word
        and (not index or words[index - 1] not in _TAKES_VALUE)
    ]


def _distribution(written: str) -> str:
    size = next((i for i, char in enumerate(written) if not (char.isalnum() or char in "._-")), len(written))
    return "-".join(
        part for part in written[:size].lower().replace("_", "-").replace(".", "-").split("-") if part
    )
