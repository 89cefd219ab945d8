# one case, one line
"""What nginx accepts and refuses, the reader accepts and refuses: generated sites with slips in them."""

import re
from collections import Counter
from pathlib import Path
from random import Random

from flasklint.facts import Problem
from flasklint.read import nginx
from flasklint.tree import Tree

from .nginx_program import EXAMPLES, HEAD, HTTP, judge, need_nginx
from .nginx_sites import Sites, write
from .nginx_slips import STRUCTURE, slip_of_the_key

COUNT = int(EXAMPLES or "150")
SNIPPETS = {
    "snippets/headers.conf": "proxy_set_header X-Snippet yes;\n",
    "snippets/a.inc": "# nothing\n",
    "snippets/b.inc": "add_header X-Inc yes;\n",
    "uwsgi_params": "uwsgi_param REQUEST_URI $request_uri;\n",
    "proxy_params": "proxy_set_header Host $host;\nproxy_set_header X-Real-IP $remote_addr;\n",
    "htpasswd": "",
}

RARE = r'invalid (parameter|value|number|method|network|address|zone size|log level|"\S+" parameter) |index "" in |must be (between|equal)'
# What nginx refuses and the reader does not tell: the reason, nginx's words, and whether the reason
# holds only for a site that is read without its main file.
NOT_TOLD = {
    "looked up by name": (r"host not found in ", False),
    "another file may define the variable": (r'unknown "\w+" variable', True),
    "another file may define the upstream": (r"no port in upstream ", False),
    "another file may name the certificate": (r'no "ssl_certificate(_key)?" is defined', False),
    "the name resembles no directive: a module's": (r"unknown directive ", False),
    "names of zones and formats": (
        r'zone "\S*" is unknown|zero size shared memory|unknown log format|duplicate "log_format" name',
        False,
    ),
    "a file outside the input": (r"(open|pread|mkdir)\(\)", False),
    "a regular expression": (r"pcre2?_compile\(\)|empty regex|quantifier", False),
    "a $ that a template may fill": (r'directive invalid (value|number)|^unexpected "\$"', False),
    "a lone $ in a condition or in a line of a map": (r"^invalid variable name$|closing bracket", False),
    "a word of a rare directive": (RARE, False),
}
MOST_NOT_TOLD = 0.25  # of what is refused; two thirds of these are made by the first three reasons


def site_text(random: Random) -> str:
    lines = Sites(random).site()
    slips = random.choices([0, 1, 2], [15, 65, 20])[0]
    keys = [random.random() < 0.3 for _ in range(slips)]
    for key in keys:
        if not key:
            random.choice(STRUCTURE)(lines, random)
    text = write(lines, random)
    for key in keys:
        if key:
            text = slip_of_the_key(text, random)
    return text


def lay_out(folder: Path, text: str) -> Path:
    for name, snippet in SNIPPETS.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(snippet)
    main = folder / "nginx.conf"
    main.write_text(f"{HEAD}http {{\n{HTTP}include site.conf;\n}}\n")
    (folder / "site.conf").write_text(text, newline="")
    return main


def problems(folder: Path, whole: bool) -> tuple[Problem, ...]:
    """Read the site with its main file, or as the loose file that most repositories have."""
    names = [*SNIPPETS, "site.conf", "nginx.conf"]
    tree = Tree(str(folder), names if whole else names[:-1])
    wanted = ["site.conf", "nginx.conf"] if whole else ["site.conf"]
    sources = [source for name in wanted if (source := tree.read(name))]
    return tuple(problem for config in nginx.read(sources, tree) for problem in config.problems)


def surely_broken(problem: Problem) -> bool:
    """Accepted by nginx, and certainly not what was meant: a directive has swallowed the next one."""
    return problem.kind in ("swallowed-directive", "missing-location")


def reason(said: str, whole: bool) -> str | None:
    for name, (words, loose_only) in NOT_TOLD.items():
        if re.search(words, said) and not (whole and loose_only):
            return name
    return None


def test_accepts_and_refuses_what_nginx_does(tmp_path: Path) -> None:
    need_nginx()
    counts: Counter[str] = Counter()
    wrong: list[str] = []
    for seed in range(COUNT):
        random = Random(seed)
        text = site_text(random)
        main = lay_out(tmp_path, text)
        said = judge(tmp_path, main)
        whole = random.random() < 0.5
        found = problems(tmp_path, whole)
        if not said:
            counts["accepted"] += 1
            alarms = [problem for problem in found if not surely_broken(problem)]
            counts["accepted but broken"] += bool(found) and not alarms
            wrong += [f"seed {seed}: false alarm: {each.message} at {each.at.text!r}" for each in alarms]
            continue
        counts["refused"] += 1
        counts["refused in nginx's words"] += any(each.message in said for each in found)
        if not found:
            name = reason(said, whole)
            counts[f"not told: {name}"] += name is not None
            if name is None:
                wrong.append(f"seed {seed}: miss: {said}")
    not_told = sum(count for name, count in counts.items() if name.startswith("not told"))
    print(*(f"{count:6} {name}" for name, count in sorted(counts.items())), sep="\n")
    assert not wrong, "\n".join(wrong)
    assert not_told <= MOST_NOT_TOLD * counts["refused"]
