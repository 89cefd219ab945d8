"""What holds for every test."""

import os

os.environ.pop("GITHUB_ACTIONS", None)  # with it reports hold annotations, also where the tests run in Actions
