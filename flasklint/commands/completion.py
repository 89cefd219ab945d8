"""`flasklint completion SHELL`: the script that makes a shell complete commands, options and rule names."""

import click

from ..report import _output


@click.command(
    epilog="Once, for bash: flasklint completion bash > ~/.local/share/bash-completion/completions/flasklint"
)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def command(ctx: click.Context, shell: str) -> None:
    """Print the script for a shell's completion.

    \b
    bash:  eval "$(flasklint completion bash)"        in ~/.bashrc
    zsh:   eval "$(flasklint completion zsh)"         in ~/.zshrc, below compinit
    fish:  flasklint completion fish | source         in ~/.config/fish/config.fish
    """
    from click.shell_completion import BashComplete, FishComplete, ShellComplete, ZshComplete

    shells: dict[str, type[ShellComplete]] = {"bash": BashComplete, "zsh": ZshComplete, "fish": FishComplete}
    script = shells[shell](ctx.find_root().command, {}, "flasklint", "_FLASKLINT_COMPLETE").source()
    _output.show(script.replace('string split ","', 'string split -m 1 ","'))  # a proposal may hold a comma
