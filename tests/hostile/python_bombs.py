"""Python files that are small to write: settings, applications and scripts that would be large, deep or endless."""

from .trees import UNIT, Write, files, tree, unit

SETTINGS = {
    "power": "workers = 2**10**9",
    "powers": "workers = ((((9**9)**9)**9)**9)**9",
    "negative power": "workers = 10**-10**9\nworkers = (-1)**0.5",
    "shift": "workers = 1 << 10**12",
    "shifts": "workers = " + "1 << 1000 " * 1_000,
    "product": "a = 9**999\n" + "a = a * a\n" * 60 + "workers = a",
    "text": "bind = 'x' * 10**12",
    "bytes": "bind = b'x' * 10**12",
    "list": "bind = ['x'] * 10**12",
    "tuple": "bind = ('x',) * 10**9 * 10**9",
    "doubled": "bind = 'xxxxxxxxxx'\n" + "bind = bind + bind\n" * 60,
    "doubled in place": "bind = ['x']\n" + "bind += bind\n" * 60,
    "nested lists": "bind = ['x']\n" + "bind = [bind, bind]\n" * 5_000,
    "percent": "bind = '%1000000000d' % 1",
    "percent of a name": "bind = '%(a)1000000000s' % {'a': 1}",
    "percent star": "bind = '%*d' % (1000000000, 1)",
    "percent precision": "bind = '%.1000000000f' % 1",
    "format": "bind = '{:1000000000}'.format(1)",
    "format nested": "bind = '{:{}}'.format(1, 1000000000)",
    "format attribute": "bind = '{0.__class__.__mro__}'.format(1)",
    "f-string": "bind = f'{1:1000000000}'",
    "f-string nested": "bind = f'{1:{1000000000}}'",
    "f-strings": "a = 'xxxxxxxxxx'\n" + "a = f'{a}{a}{a}'\n" * 60 + "bind = a",
    "join": "bind = 'x'.join(['x' * 10000] * 10000)",
    "center": "bind = 'x'.center(10**12)\nbind = 'x'.ljust(10**12)\nbind = 'x'.zfill(10**12)",
    "replace": "bind = ('x' * 9000).replace('x', 'y' * 9000)",
    "expandtabs": "bind = '\\t'.expandtabs(10**12)",
    "range": "bind = list(range(10**12))\nworkers = len(range(10**100))\nworkers = sum(range(10**12))\nworkers = max(range(10**12))",
    "comprehension": "bind = [x for x in range(10**12)]\nbind = {x: y for x in range(10**9) for y in range(10**9)}",
    "unpacked": "bind = [*range(10**12)]\nbind = [*'x' * 10**9]",
    "digits": "workers = " + "9" * 100_000,
    "digits as text": "workers = int('" + "9" * 100_000 + "')\nbind = str(10**4000 * 10**4000)",
    "hexadecimal": "workers = 0x"
    + "f" * 500_000
    + "\nbind = f'0.0.0.0:{workers}'\nbind = str(workers)\nbind = '%d' % workers",
    "float": "workers = int(1e308 * 10)\nworkers = int(float('nan'))\nworkers = 1 // 0\nworkers = 1 % 0\nworkers = 1 / 0\nworkers = 10**400 / 3\nworkers = round(float('inf'))",
    "factorial": "import math\nworkers = math.factorial(10**9)",
    "index": "bind = 'x'[10**30]\nbind = [][0]\nbind = {}['a']\nbind = 'x'[1:2:0]",
    "environment": "import os\nworkers = int(os.environ['A'] * 10**9)\nbind = os.getenv('HOME') * 10**10\nbind = os.environ.get([], {})",
    "eval": "bind = eval('__import__(\"os\").system(\"touch /tmp/hacked\")')\nexec('x')",
    "open": "bind = open('/etc/passwd').read()\nimport pathlib\nbind = pathlib.Path('/etc/passwd').read_text()",
    "loop": "while True:\n    bind = 'x'\nfor x in iter(int, 1):\n    workers = x",
    "recursion": "def f(): return f()\nbind = f()\nbind = (lambda x: x(x))(lambda x: x(x))",
    "itself": "bind = []\nbind.append(bind)\nbind = [bind] * 3\na = {}\na['a'] = a\nbind = str(a)",
    "unhashable": "bind = {[]: 1}\nbind = {{}: 1}\nbind = {1: 2}[[]]\nbind = {[1], [2]}",
    "compare": "workers = 'a' < 1\nworkers = [1] < ['a']\nworkers = 1 in 1\nworkers = not ([] > 1j)",
    "wrong arguments": "import os, multiprocessing\nworkers = int('x')\nworkers = int([], 3)\nworkers = min()\nworkers = max(1)\nbind = os.path.join(1, 2)\nbind = 'a'.join(1)\nbind = '%d' % 'x'\nbind = '{'.format()\nbind = str(b'a', 'no')\nworkers = multiprocessing.cpu_count(1) * 'a'\nworkers = len(1)\nworkers = abs('a')\nworkers = round('a')\nworkers = bool(*[])\nbind = 'a'.split('')\nworkers = -'a'\nworkers = ~1.5\nbind = f'{1:zz}'",
    "surrogates": "bind = '\\ud800'\nbind = '\\ud800:8000'",
    "names": "".join(f"a{n} = 'b{n}'\n" for n in range(40_000)),
    "one name": "bind = 'a'\n" * 60_000,
    "taints": "".join(f"a{n} = 1\nfor x in y:\n    a{n} = 2\nexec('')\n" for n in range(3_000)),
    "ifs": "if a:\n  pass\n" + "elif a:\n  bind = 'x'\n" * 900,
    "deep ifs": "".join(" " * n + "if a:\n" for n in range(95)) + " " * 95 + "bind = 'x'\n",
    "chain": "workers = " + "a." * 5_000 + "b",
    "calls": "workers = a" + "()" * 5_000,
    "subscripts": "workers = a" + "[0]" * 5_000,
    "sum": "workers = " + "1 + " * 5_000 + "1",
    "text sum": "bind = " + "'a' + " * 5_000 + "'b'",
    "nots": "workers = " + "not " * 2_000 + "1",
    "minuses": "workers = " + "-" * 5_000 + "1",
    "ors": "workers = " + "a or " * 20_000 + "1",
    "comparisons": "workers = 1" + " < 1" * 20_000,
    "conditionals": "workers = " + "1 if a else " * 2_000 + "1",
    "lambdas": "workers = " + "lambda: " * 2_000 + "1",
    "walruses": "(a := " * 90 + "1" + ")" * 90,
    "parentheses": "workers = " + "(" * 50_000 + ")" * 50_000,
    "brackets": "workers = " + "[" * 50_000 + "]" * 50_000,
    "shallow brackets": "workers = " + "[" * 150 + "]" * 150,
    "strings": "bind = " + "'a' " * 100_000,
    "targets": "bind = " * 5_000 + "'x'",
    "unpacking": "(" + "a, " * 20_000 + "bind) = 'x' * 20001\n" + "(" * 90 + "bind" + ",)" * 90 + " = 1",
    "decorators": "@a\n" * 20_000 + "def on_starting(server): pass",
    "null": "bind = '\0'",
    "encoding": "# -*- coding: rot13 -*-\nbind = 'x'",
    "long line": "bind = '" + "x" * 1_900_000 + "'",
    "form feeds": "\f" * 500_000 + "bind = 'x'",
    "backslashes": "bind = 'x' \\\n" + "\\\n" * 50_000,
    "indents": "".join(" " * n + "if 1:\n" for n in range(1_000)),
    "non-ASCII line": "bind = ['" + "ä', '" * 100_000 + "']",
}
for name, text in SETTINGS.items():
    tree(f"gunicorn {name}", unit("-c gunicorn.conf.py", **{"gunicorn.conf.py": text}))


def application(text: str, spec: str = "wsgi:app") -> Write:
    service = UNIT.format(command=f"/srv/shop/venv/bin/gunicorn --bind 127.0.0.1:8000 '{spec}'")
    return files(**{"shop.service": service, "wsgi.py": text})


FLASK = "from flask import Flask\napp = Flask(__name__)\n"
for name, text in {
    "parentheses": "app = " + "(" * 50_000 + ")" * 50_000,
    "brackets": "app = " + "[" * 50_000,
    "chain": "app = " + "a." * 5_000 + "b",
    "calls": "app = a" + "()" * 5_000,
    "wraps": FLASK + "app = f(app)\n" * 5_000,
    "wraps in one": FLASK + "app = " + "f(" * 90 + "app" + ")" * 90,
    "aliases": "a0 = Flask(__name__)\n" + "".join(f"a{n + 1} = a{n}\n" for n in range(5_000)) + "app = a5000",
    "aliases in a circle": "app = a\na = b\nb = app\n" * 1_000,
    "functions": "".join(f"def f{n}(): return f{n + 1}()\n" for n in range(5_000)) + "app = f0()",
    "many returns": "def f():\n" + "    if a: return f()\n" * 5_000 + "app = f()",
    "two ways each": "".join(
        f"def f{n}(x):\n    if x: return f{n + 1}(x)\n    return f{n + 1}(not x)\n" for n in range(200)
    )
    + "def f200(x): return x\napp = f0(1)",
    "bindings": FLASK + "if a:\n    app = b\n" * 5_000,
    "stars": "from wsgi import *\n" * 2_000,
    "star of a package": "from .wsgi import *\nfrom . import *\nfrom ... import app\nimport wsgi.wsgi.wsgi as app\n",
    "configuration": FLASK + "app.config['A'] = 1\n" * 30_000,
    "configuration objects": FLASK + "class A(B): X = 1\nclass B(A): X = 2\n" + "app.config.from_object(A)\n" * 2_000,
    "helpers": FLASK
    + "def g(app):\n"
    + "    h(app)\n" * 2_000
    + "def h(app):\n"
    + "    g(app)\n" * 2_000
    + "g(app)\n" * 200,
    "wsgi_app": FLASK + "app.wsgi_app = ProxyFix(app.wsgi_app)\n" * 10_000,
    "deep blocks": "".join(" " * n + "try:\n" for n in range(95)),
    "deep ifs": "".join(" " * n + "if a:\n" for n in range(95)) + " " * 95 + FLASK.replace("\n", "\n" + " " * 95),
    "elifs": "if a: pass\n" + "elif b: app = 1\n" * 3_000,
    "nested functions": "".join(" " * n + f"def f{n}():\n" for n in range(95)) + " " * 95 + "app = 1",
    "nested classes": "".join(" " * n + f"class C{n}:\n" for n in range(95)) + " " * 95 + "app = 1",
    "deletions": (FLASK + "del app\n") * 10_000,
    "strings": "app = " + "f'{a}' " * 20_000,
    "nested f-strings": "app = " + 'f"{' * 140 + "1" + '}"' * 140,
    "matches": "match a:\n" + "    case [app, *b]: pass\n" * 10_000,
    "a pattern": "match a:\n    case " + "[" * 90 + "app" + "]" * 90 + ": pass\n",
    "walruses": "x = " + "(y := " * 90 + "1" + ")" * 90 + "\n" + "print(app := 1)\n" * 10_000,
    "globals": "def f():\n    global app\n    app = 1\n" * 10_000,
    "newer syntax": "type X = int\n" + "x = (\n" * 30 + ")" * 30,
    "no syntax": "x = = 1\n" + "# ä" * 300_000,
    "no syntax in a long line": "x = '" + "ä" * 500_000 + "' =",
    "template": "{{ x }}" * 50_000,
    "targets": "app = " * 5_000 + "1",
    "non-ASCII line": "app = ['" + "ä', '" * 100_000 + "']\n",
    "non-ASCII statements": "ä = 1; " * 50_000 + "app = 1",
    "lone surrogate": "app = '\\ud800'",
    "huge": "# x\n" * 600_000,
}.items():
    tree(f"application {name}", application(text))
for name, text in {
    "runs": FLASK + "app.run(host='0.0.0.0', port=2**10**9)\n" * 5_000,
    "recursion": FLASK + "def a():\n    b()\n    b()\ndef b():\n    a()\n    a()\na()\napp.run()",
    "wide recursion": FLASK
    + "def a():\n"
    + "    b()\n" * 500
    + "def b():\n"
    + "    c()\n" * 500
    + "def c():\n"
    + "    d()\n" * 500
    + "a()\napp.run()",
    "loops": FLASK + "".join(" " * n + "for x in y:\n" for n in range(95)) + " " * 95 + "app.run()",
    "deep ifs": FLASK + "".join(" " * n + "if x:\n" for n in range(95)) + " " * 95 + "app.run()",
    "serve": "from waitress import serve\nserve(" + "app, " * 240 + "listen='*:1 ' * 10**10)",
    "elifs": FLASK + "if a: pass\n" + "elif b: app.run()\n" * 900,
}.items():
    service = UNIT.format(command="/srv/shop/venv/bin/python wsgi.py")
    tree(f"script {name}", files(**{"shop.service": service, "wsgi.py": text}))
tree(
    "modules in a circle",
    files(
        **{
            "shop.service": UNIT.format(command="/usr/bin/gunicorn p0:app"),
            **{
                f"p{n}.py": f"from p{(n + 1) % 500} import *\nfrom p{(n + 2) % 500} import *\nfrom p{(n + 1) % 500} import app\n"
                for n in range(500)
            },
        }
    ),
)
tree(
    "packages in packages",
    files(
        **{
            "shop.service": UNIT.format(command="/usr/bin/gunicorn " + ".".join(["p"] * 60) + ":app"),
            **{"/".join(["p"] * n) + "/__init__.py": "from .p import app\n" for n in range(1, 61)},
        }
    ),
)
