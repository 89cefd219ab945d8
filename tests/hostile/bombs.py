"""Inputs that are small to write and large to read: deep, long, many, or what a calculation makes of them."""

from flasklint.tree import MAX_BYTES

from .trees import APP, files, tree, unit

NGINX = "http {\nserver { listen 80; location /static/ { alias /srv/a; } }\n%s\n}\n"
DEEP = 10_000
LONG = MAX_BYTES - 1_000

# --------------------------------------------------------------------------------------------- nginx

for name, text in {
    "braces": "a {" * DEEP + "}" * DEEP,
    "open braces": "server {" * DEEP,
    "closing braces": "}" * DEEP,
    "parentheses": "server { location ~ " + "(" * DEEP + ")" * DEEP + " { proxy_pass http://127.0.0.1:1; } }",
    "one line": "server { listen 80; } " * (LONG // 22),
    "one word": "server_name " + "x" * LONG + ";",
    "quotes": "server_name " + '"a" ' * 100_000 + ";",
    "glued quotes": "server_name " + '"a"b' * 100_000 + ";",
    "open quote": 'server { server_name "' + 'a\\"' * 300_000,
    "backslashes": "server_name " + "\\" * 500_000 + ";",
    "dollars": "set $a " + "$" * 500_000 + ";",
    "open variables": "set $a " + "${A" * 300_000 + ";",
    "templates": "{{ x }}\n" * 100_000,
    "open templates": "server {\n" + "{{ x\n" * 100_000,
    "statements": "server {\n" + "{% if x %}\n" * 50_000 + "}",
    "semicolons": ";" * 300_000,
    "comments": "# flasklint: ignore[" * 20_000 + "\n",
    "lua": "content_by_lua_block {" * 20_000,
    "blanks": "server" + " " * 1_000_000 + "{ listen 80; }",
    "lines": "\n" * 1_500_000 + "server { listen 80; }",
    "carriage returns": "\r" * 1_000_000 + "server { listen 80; }",
    "locations": "server {\n" + "location /a { proxy_pass http://127.0.0.1:8000; }\n" * 20_000 + "}",
    "servers": "server { listen 80; location / { proxy_pass http://b; } }\n" * 5_000,
    "upstream members": "upstream b {\n"
    + "server 127.0.0.1:8000;\n" * 30_000
    + "}\nserver { location / { proxy_pass http://b; } }",
    "aliases": "server {\n" + "location /static/ { alias /srv/x; }\n" * 10_000 + "}",
    "unknown directives": "proxy_pas x;\n" * 30_000,
    "maps": "map $a $b {\n" + "x y;\n" * 100_000 + "}",
    "dumps": "# configuration file /etc/nginx/nginx.conf:\n" * 30_000,
}.items():
    tree(f"nginx {name}", unit(**{"nginx.conf": NGINX % text}))

tree("nginx includes itself", files(**{"nginx.conf": NGINX % ("include nginx.conf;\ninclude *.conf;\n" * 50)}))
tree(
    "nginx includes in a circle",
    files(
        **{
            "nginx.conf": NGINX % "include conf.d/*.conf;",
            **{f"conf.d/{n}.conf": "include conf.d/*.conf;\n" * 3 + "server { listen 80; }\n" for n in range(40)},
        }
    ),
)
tree(
    "nginx includes thousands",
    files(
        **{
            "nginx.conf": NGINX % "include conf.d/*;",
            **{
                f"conf.d/{n}.conf": f"server {{ listen {n}; location / {{ proxy_pass http://127.0.0.1:{n}; }} }}\n"
                for n in range(1_500)
            },
        }
    ),
)
tree(
    "nginx globs",
    files(
        **{
            "nginx.conf": NGINX % "".join(f"include {'*' * n}a{'*' * n}/{'[' * n}*.conf;\n" for n in range(1, 300)),
            "a" * 200 + "/x.conf": ";",
        }
    ),
)

# ------------------------------------------------------------------------------------------- systemd

for name, text in {
    "one line": "ExecStart=/usr/bin/gunicorn " + "-b 127.0.0.1:1 " * 100_000,
    "one word": "ExecStart=/usr/bin/gunicorn " + "x" * LONG,
    "continuations": "ExecStart=/usr/bin/gunicorn \\\n" + "  -b 127.0.0.1:1 \\\n" * 50_000,
    "quotes": "ExecStart=/usr/bin/gunicorn " + "'a' " * 200_000,
    "open quotes": "ExecStart=/usr/bin/gunicorn " + "\"a ' " * 200_000,
    "backslashes": "ExecStart=/usr/bin/gunicorn " + "\\" * 500_000,
    "escapes": "ExecStart=/usr/bin/gunicorn " + "\\x41\\U00110000\\777" * 50_000,
    "variables": "Environment=A=" + "$A" * 1_000 + "\n" + "ExecStart=/usr/bin/gunicorn " + "$A ${A} " * 20_000,
    "growing variables": "".join(f"Environment=A{n}={f'${{A{n - 1}}}' * 10}\n" for n in range(30))
    + "ExecStart=/usr/bin/gunicorn ${A29}",
    "words from a variable": "Environment='A=" + "x " * 100_000 + "'\nExecStart=/usr/bin/gunicorn " + "$A " * 100,
    "specifiers": "ExecStart=/usr/bin/gunicorn " + "%n%%%i" * 100_000,
    "commands": "ExecStart=/usr/bin/gunicorn app:app\n" * 50_000,
    "semicolons": "ExecStart=/usr/bin/gunicorn a ; " * 50_000,
    "environments": "Environment=A=B\n" * 100_000 + "ExecStart=/usr/bin/gunicorn app:app",
    "sections": "[Service]\n" * 100_000,
    "open sections": "[" * 500_000,
    "unknown keys": "ExecStrt=x\n" * 30_000,
    "unknown sections": "".join(f"[Servic{n}]\na=b\n" for n in range(20_000)),
    "times": "RestartSec=" + "1 " * 200_000 + "x\nRestartSec=" + "1s" * 200_000 + "x\nTimeoutSec=" + "9" * 300_000,
    "numbers": "Nice=" + "9" * 300_000 + "\nUMask=" + "7" * 300_000,
    "comment marks": "Restart=" + "a \t" * 200_000 + "\nType=" + "x #" * 100_000,
    "templates": "ExecStart={{ x " * 100_000,
    "statements": "{% if x %}\nExecStart=a\n{% endif %}\n" * 20_000,
    "users": "User=" + "a " * 300_000,
    "unset": "UnsetEnvironment="
    + "A " * 100_000
    + "\nPassEnvironment="
    + "B " * 100_000
    + "\nExecStart=/usr/bin/gunicorn app:app",
    "prefixes": "ExecStart=" + "-@:+!" * 100_000 + "/usr/bin/gunicorn",
    "shell": "ExecStart=/bin/sh -c '" + "cd a && (" * 20_000 + "gunicorn app:app" + ")" * 20_000 + "'",
    "nested shells": "ExecStart=" + "/bin/sh -c " * 20_000 + "'gunicorn app:app'",
    "nested wrappers": "ExecStart=" + "/usr/bin/env A=B nice -n 1 " * 20_000 + "gunicorn app:app",
    "substitutions": 'ExecStart=/bin/bash -c "' + "$(" * 30_000 + 'gunicorn app:app"',
    "defaults": 'ExecStart=/bin/bash -c "gunicorn ' + "${A:-" * 30_000 + '"',
    "binds": "ExecStart=/usr/bin/gunicorn -b " + "127.0.0.1:1," * 50_000 + " app:app",
    "brackets": "ExecStart=/usr/bin/gunicorn -b [" + ":" * 100_000 + "]:80 app:app",
    "a deep spec": "ExecStart=/usr/bin/gunicorn app:" + "a." * 50_000 + "b",
    "a call": "ExecStart=/usr/bin/gunicorn 'app:" + "f(" * 5_000 + ")" * 5_000 + "'",
    "a deep module": "WorkingDirectory=/srv\nExecStart=/usr/bin/gunicorn " + "a." * 50_000 + "b:app",
    "a number": "ExecStart=/usr/bin/gunicorn -w "
    + "9" * 100_000
    + " --timeout 1e"
    + "9" * 1000
    + " -b :"
    + "9" * 10_000
    + " app:app",
}.items():
    tree(
        f"systemd {name}",
        files(**{"shop.service": f"[Service]\n{text}\n[Install]\nWantedBy=multi-user.target\n", "app.py": APP}),
    )

tree(
    "systemd environment file",
    files(
        **{
            "shop.service": "[Service]\nEnvironmentFile=/srv/shop/.env\nExecStart=/usr/bin/gunicorn $A ${B} app:app\n",
            ".env": "A='" + "x " * 200_000 + "'\nB=\"" + "\\" * 300_000 + "\nC=" + "a\\\n" * 100_000,
        }
    ),
)
tree(
    "systemd drop-ins",
    files(
        **{
            "shop.service": "[Service]\nExecStart=/usr/bin/gunicorn app:app\n",
            **{f"shop.service.d/{n}.conf": "[Service]\nEnvironment=A=B\n" for n in range(2_000)},
        }
    ),
)

# ------------------------------------------------------------------------------------ compose and YAML

SERVICES = "services:\n  web:\n    image: shop\n    command: gunicorn -b 0.0.0.0:8000 wsgi:app\n"
for name, text in {
    "brackets": SERVICES + "    x: " + "[" * DEEP + "]" * DEEP,
    "braces": SERVICES + "    x: " + "{a: " * DEEP + "}" * DEEP,
    "open brackets": SERVICES + "    x: " + "[" * 590,
    "indents": SERVICES + "".join(" " * (4 + n) + "a:\n" for n in range(600)),
    "dashes": SERVICES + "    x:\n     " + "- " * 100_000,
    "question marks": SERVICES + "    x:\n     " + "? " * 100_000,
    "laughs": "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 30))
    + SERVICES.replace("wsgi:app", "*a29")
    + "    environment: *a29\n    ports: *a29\n    volumes: *a29\n",
    "merges": "m0: &m0 {k: v}\n"
    + "".join(f"m{n}: &m{n} {{<<: [*m{n - 1}, *m{n - 1}], k{n}: v}}\n" for n in range(1, 400))
    + SERVICES
    + "    <<: *m399\n    environment: {<<: *m399}\n",
    "itself": "a: &a\n  <<: *a\n  b: *a\n" + SERVICES + "    environment: *a\n    <<: *a\n",
    "anchors": SERVICES + "".join(f"    a{n}: &a{n} x\n" for n in range(12_000)),
    "services": "services:\n" + "".join(f"  s{n}:\n    command: gunicorn app:app\n" for n in range(8_000)),
    "a scalar": SERVICES + '    x: "' + "\\x41" * 90_000 + '"',
    "a folded command": "services:\n  web:\n    command: >\n" + "      gunicorn app:app\n" * 15_000,
    "variables": "services:\n  web:\n    command: gunicorn " + "${A:-" * 20_000 + "x" + "}" * 20_000,
    "dollars": "services:\n  web:\n    command: gunicorn " + "$$ $A ${ " * 30_000,
    "ports": "services:\n  web:\n    command: gunicorn app:app\n    ports: [" + "'80:80'," * 40_000 + "]",
    "dependencies": "services:\n"
    + "".join(
        f"  s{n}:\n    depends_on: [s{(n + 1) % 2000}]\n    extends: s{(n + 1) % 2000}\n    links: [s{(n + 1) % 2000}]\n    command: gunicorn a:b\n"
        for n in range(2_000)
    ),
    "tags": SERVICES + "    x: " + "!!python/object/apply:os.system " + "['true']\n    y: " + "! " * 10_000,
    "documents": SERVICES + "---\n" * 90_000,
    "directives": "%YAML 1.1\n" + "%TAG ! x\n" * 5_000 + "---\n" + SERVICES,
    "comments": SERVICES + "#" * 350_000,
    "long key": SERVICES + "    " + "k" * 100_000 + ": v",
    "tabs": SERVICES + "\t" * 100_000,
    "templates": "{% for x in y %}" * 20_000 + SERVICES + "{{ " * 50_000,
    "too long": SERVICES + "# x\n" * 400_000,
}.items():
    tree(f"yaml {name}", files(**{"docker-compose.yml": text}))

# -------------------------------------------------------------------------------- other text files

for name, path, text in [
    ("supervisor tokens", "supervisord.conf", "[program:web]\ncommand=gunicorn " + "%(x)s'\"" * 50_000 + "\n"),
    (
        "supervisor programs",
        "supervisord.conf",
        "".join(f"[program:p{n}]\ncommand=gunicorn app:app\n" for n in range(5_000)),
    ),
    (
        "supervisor environment",
        "supervisord.conf",
        "[program:web]\nenvironment=" + 'A="b",' * 50_000 + "\ncommand=gunicorn app:app\n",
    ),
    (
        "supervisor open environment",
        "supervisord.conf",
        "[program:web]\nenvironment=" + "A=\"b'," * 50_000 + "\ncommand=gunicorn app:app\n",
    ),
    (
        "supervisor placeholders",
        "supervisord.conf",
        "[program:web]\ncommand=gunicorn " + "%(ENV_A)s" * 50_000 + "%(" * 50_000 + "\n",
    ),
    ("supervisor headers", "supervisord.conf", "[program:web" * 100_000 + "\ncommand=gunicorn app:app\n"),
    ("procfile", "Procfile", "web: gunicorn " + "a " * 500_000),
    ("procfile lines", "Procfile", "web: gunicorn app:app\n" * 50_000),
    ("procfile shells", "Procfile", "web: " + 'sh -c "' * 20_000 + "gunicorn app:app"),
    ("procfile loops", "Procfile", "web: " + "while true; do " * 5_000 + "gunicorn app:app; " + "done; " * 5_000),
    ("dockerfile runs", "Dockerfile", "FROM python\n" + "RUN pip install \\\n" * 4_000 + "CMD gunicorn app:app"),
    (
        "dockerfile stages",
        "Dockerfile",
        "".join(f"FROM s{n} AS s{n + 1}\nENV A=$A$A\n" for n in range(2_000)) + "CMD gunicorn $A app:app",
    ),
    (
        "dockerfile variables",
        "Dockerfile",
        "FROM python\n" + "ENV A=$A$A$A\n" * 5_000 + 'CMD ["gunicorn", "$A"]\nCMD gunicorn $A app:app',
    ),
    (
        "dockerfile heredocs",
        "Dockerfile",
        "FROM python\nRUN " + "<<A " * 20_000 + "\nA\n" * 100 + "CMD gunicorn app:app",
    ),
    ("dockerfile json", "Dockerfile", "FROM python\nCMD [" + '"a",' * 20_000 + '"b"]'),
    ("dockerfile json escapes", "Dockerfile", 'FROM python\nCMD ["' + "\\u0041" * 15_000 + '"]'),
    ("dockerfile entrypoint", "Dockerfile", 'FROM python\nCOPY . .\nENTRYPOINT ["./run.sh"]\nCMD gunicorn app:app'),
    ("uwsgi ini", "uwsgi.ini", "[uwsgi]\n" + "ini = uwsgi.ini\nmodule = app:app\n" * 20_000),
    ("requirements", "requirements.txt", "-r requirements.txt\n-c requirements.txt\n" * 20_000 + "flask\n" * 50_000),
    ("requirement names", "requirements.txt", "a" + "-." * 500_000 + "!\n" + "a[" * 200_000),
    ("requirement options", "requirements.txt", "-" + "a-" * 500_000 + "\n" + "--hash=" * 100_000),
    ("requirement urls", "requirements.txt", "https://x/" + "a-1-" * 300_000 + "\nx @ " + "#egg=" * 100_000),
    ("requirement ranges", "requirements.txt", "flask" + ">=1,<2," * 100_000 + "\nflask" + "(" * 100_000),
    ("requirement blanks", "requirements.txt", "flask" + " " * 1_000_000 + "x\n" + " " * 500_000 + "#"),
    ("pyproject brackets", "pyproject.toml", "[project]\ndependencies = " + "[" * 50_000 + "]" * 50_000),
    (
        "pyproject tables",
        "pyproject.toml",
        "[project]\ndependencies=['flask']\n" + "".join(f"[a.b{n}]\nc=1\n" for n in range(10_000)),
    ),
    ("pyproject dots", "pyproject.toml", "[project]\ndependencies=['flask']\n[" + "a." * 20_000 + "b]\n"),
    ("pyproject keys", "pyproject.toml", "a." * 20_000 + "b = 1\n"),
    ("pyproject dependencies", "pyproject.toml", "[project]\ndependencies = [" + "'flask'," * 100_000 + "]"),
    (
        "pyproject poetry",
        "pyproject.toml",
        "[tool.poetry.dependencies]\n" + "".join(f"p{n} = '1'\n" for n in range(10_000)),
    ),
    (
        "pyproject backwards",
        "pyproject.toml",
        "[tool.poetry.dependencies]\n" + "".join(f"'p{n}' = '1'\n" for n in range(5_000, 0, -1)),
    ),
    ("pyproject quotes", "pyproject.toml", "a = '''" + "'" * 500_000),
    ("pyproject numbers", "pyproject.toml", "a = " + "9" * 500_000 + "\n[project]\nname='x'\n"),
    ("pyproject dates", "pyproject.toml", "a = " + "1979-05-27T07:32:00." + "9" * 100_000 + "\n"),
    ("pipfile lock", "Pipfile.lock", '{"default": ' + '{"a":' * 50_000 + "}" * 50_000 + "}"),
    ("pipfile lock numbers", "Pipfile.lock", '{"default": {"a": ' + "9" * 500_000 + "}}"),
    (
        "pipfile lock entries",
        "Pipfile.lock",
        '{"default": {' + ",".join(f'"p{n}": {{"version": "==1"}}' for n in range(20_000)) + "}}",
    ),
    ("uv lock", "uv.lock", "".join(f'[[package]]\nname = "p{n}"\nversion = "1"\n' for n in range(20_000))),
    (
        "poetry lock",
        "poetry.lock",
        "".join(f'[[package]]\nname = "p{n}"\nversion = "1"\n' for n in range(20_000, 0, -1)),
    ),
    ("setup.cfg", "setup.cfg", "[options]\ninstall_requires =\n" + "    flask\n" * 100_000),
    ("setup.py", "setup.py", "setup(install_requires=" + "[" * 150 + "]" * 150 + ")"),
    ("setup.py deep", "setup.py", "setup(install_requires=" + "x+" * 50_000 + "x)"),
    ("conda", "environment.yml", "dependencies:\n" + "  - flask\n" * 30_000),
    ("conda deep", "environment.yml", "dependencies:\n  - pip: " + "[" * 500 + "]" * 500),
    ("installs", "deploy.sh", "gunicorn\n" + "install " * 240_000),
    ("installs in continued lines", "deploy.sh", "gunicorn\n" + "install \\\n" * 150_000),
    ("installs in lists", "play.yml", "gunicorn\n" + "- " * 700_000),
    ("installs and blanks", "notes.md", "gunicorn\n" + "\n " * 500_000 + "\n" + "- gunicorn[" * 100_000),
    ("apt", "install.sh", "gunicorn pip\n" + "apt " * 400_000),
    ("sudo", "setup.sh", "pip\n" + "sudo " + "-a " * 500_000 + "\n" + "pip install " * 100_000),
    ("virtualenvs", "bootstrap.sh", "pip\nvirtualenv" + " " * 1_000_000 + "\n" + "-m " * 200_000),
    ("powershell", "start.ps1", " " * 1_000_000 + "\n" + "gunicorn gunicorn " * 50_000),
    ("batch", "start.bat", "rem " * 100_000 + "\n" + "\n".join([" " * 1000] * 1000) + "gunicorn app:app\n"),
    ("script", "start.sh", "#!/bin/bash\n" + "exec " * 100_000 + "gunicorn app:app\n"),
]:
    tree(name, unit(**{path: text}))
tree(
    "a script of the unit",
    files(
        **{
            "shop.service": "[Service]\nWorkingDirectory=/srv/shop\nExecStart=/srv/shop/start.sh\n",
            "start.sh": "#!/bin/bash\n" + "A=$A$A\n" * 3_000 + "if x; then\n" * 20_000 + "exec gunicorn $A app:app\n",
        }
    ),
)
tree(
    "a script that starts itself",
    files(
        **{
            "shop.service": "[Service]\nWorkingDirectory=/srv/shop\nExecStart=/srv/shop/start.sh\n",
            "start.sh": "#!/bin/bash\n" + "./start.sh\nexec ./start.sh\n. ./start.sh\n" * 1_000,
        }
    ),
)
