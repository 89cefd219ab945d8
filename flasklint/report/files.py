"""What was found, what it was taken for and where it went: the answer to "did you see my file?"."""

from ..result import FoundFile, Result
from ..settings import Settings
from ._screen import BOLD, beginning, paint, visible


def render(result: Result, settings: Settings, *, color: bool, width: int) -> str:
    """Return a table of files, then what git leaves out, and what the files speak of and the input does not hold."""
    head = FoundFile("file", "kind", "deployment")
    rows = [head, *sorted(result.files, key=lambda file: (file.deployment, file.path))]
    cells = [(beginning(row.path), visible(row.kind), visible(row.deployment) or "-") for row in rows]
    first, second = (max(len(row[column]) for row in cells) for column in (0, 1))
    lines = [f"{path:{first}}  {kind:{second}}  {home}" for path, kind, home in cells]
    lines[0] = paint(lines[0], BOLD, color)
    if result.git_ignored:
        lines += ["", paint("left out by git (--no-gitignore reads them)", BOLD, color)]
        lines += [f"  {beginning(name)}" for name in result.git_ignored]
    if result.unseen:
        lines += ["", paint("not seen", BOLD, color), *(f"  {beginning(name)}" for name in result.unseen)]
    return "".join(f"{line}\n" for line in lines)
