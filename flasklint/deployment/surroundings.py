"""What the rest of the tree says of the environment: looked for only when a rule asks."""

from ..source import Span
from ..value import Known

MANY = "*"  # stands for files that were not looked into


class Surroundings:
    """The answers where nothing is known of the tree: anything may be."""

    @property
    def loads_env_files(self) -> bool:
        """Whether Python source of the tree may load variables from a file (`load_dotenv()`, python-decouple,
        environs, pydantic-settings, ...)."""
        return True

    @property
    def is_built(self) -> bool:
        """Whether a build may put files into the tree, or another repository that belongs below this one."""
        return True

    def mentions(self, word: str) -> tuple[str, ...]:
        """The files that hold a text, as people see their paths; `MANY` among them where there are too many."""
        return (MANY,)

    def may_set(self, variable: str) -> bool:
        """Whether Python source of the tree may set a variable of the environment."""
        return True

    def sourced(self, file: str) -> Span | None:
        """Where a shell reads a file of that name (`source shop.env`, `. ./shop.env`)."""
        return None

    def writes_env_file(self, folder: str) -> tuple[Known[str], ...]:
        """Files of variables in a folder of the target (absolute) that scripts and playbooks name."""
        return ()

    def files_below(self, folder: str) -> tuple[str, ...]:
        """The visible files in a folder of the tree and below it, by their paths relative to it."""
        return ()
