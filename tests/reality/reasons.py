"""Why flasklint says no more than it does: of faults that it does not tell, and of those it only warns of.

Each reason names a host on which the same files serve, or what of them flasklint does not read.
"""

UNTOLD = {
    "Requires: no such socket": "a socket unit of another name than the service's may be a package's, which the host has; "
    "of the service's own name it is told, as a warning, and beside a socket unit of another name as an error",
    "chdir: no folder": "a repository that holds the application at its root may have been cloned into that folder; "
    "nothing in it says what the root is called on the host",
    "chdir: another folder": "the folder belongs to another project than the repository's, which nobody can see",
    "factory: no such configuration": "what a factory does with its argument is not followed: only running it would tell",
    "gunicorn-socket: shell: activate + alias: folder": "the first fault leaves the unit no command that starts a "
    "server, and is told; until then nothing says whose static files those are",
}
"""By the kind of `heldout`: why nothing is said of it."""

ONLY_WARNED = {
    "env-var-not-provided": "the variable may be given by a drop-in, or by `systemctl set-environment`, of the host",
    "exec-not-absolute": "where only requirements name the server, a package of the distribution may have put it into "
    "/usr/bin",
    "exec-outside-venv": "the system's Python may have the same packages from the distribution (python3-flask)",
    "import-not-in-requirements": "a module may have been left out of the repository on purpose, and a package may have "
    "been installed by hand; an import that the tree's own modules cannot satisfy is an error",
    "proxy-path-glued": "a page of exactly that path is served, and the site may have no other: which routes an "
    "application has is not told, since blueprints and extensions make them while it runs",
    "script-name-with-stripped-path": "visitors who ask below the prefix are served, as the operator may mean it; where "
    "the prefix is stripped it is an error",
    "socket-unit-name-mismatch": "the socket unit may have been written on the host, as the repository holds none at all; "
    "beside a socket unit of another name it is an error",
    "static-path-mismatch": "the word for the folder stands in another file as well, which may fill it; where it stands "
    "nowhere else, or the path is relative, it is an error",
    "template-not-found": "the repository has no folder of templates at all, and may have left it out; where it holds "
    "others and every visitor of the page is to get the one that is lacking, it is an error",
    "venv-paths-disagree": "one of the two folders is a leftover, and which one only the host shows: with the other one "
    "left over the server starts",
}
"""By the rule: why its warning is no error, though the deployment fails."""
