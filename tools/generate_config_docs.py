"""Write docs/flasklint.schema.json and the reference in docs/configuration.md from flasklint/config/keys.py.

With --check, write nothing and end with status 1 where they are not current.
"""

import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from flasklint.config.describe import SCHEMA_ID, page, schema  # noqa: E402

BEGIN = "<!-- generated from flasklint/config/keys.py: do not edit below -->\n"


def main() -> int:
    manual = ROOT / "docs" / "configuration.md"
    before = manual.read_text(encoding="utf-8").partition(BEGIN)[0]
    made = {
        manual: f"{before}{BEGIN}\n{page()}",
        ROOT / "docs" / SCHEMA_ID: json.dumps(schema(), indent=2) + "\n",
    }
    stale = [path for path, text in made.items() if not path.exists() or path.read_text(encoding="utf-8") != text]
    for path in stale:
        if "--check" in sys.argv[1:]:
            print(f"{path.relative_to(ROOT)} is not current: run python tools/generate_config_docs.py")
        else:
            path.write_text(made[path], encoding="utf-8")
    return int(bool(stale) and "--check" in sys.argv[1:])


if __name__ == "__main__":
    raise SystemExit(main())
