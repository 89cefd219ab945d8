"""The rules, one file per fault.

In a wheel they lie in this folder. In a checkout they lie in the top-level folder `rules/`, which is
appended to this package's path; the build file beside it tells a checkout from a stranger's package.
"""

import os

_checkout = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
if os.path.isfile(os.path.join(_checkout, "hatch_build.py")):
    __path__.append(os.path.join(_checkout, "rules"))
