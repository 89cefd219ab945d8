"""A certificate that nobody vouches for."""

import subprocess
from functools import cache

from ..programs import OPENSSL


@cache
def certificate_and_key() -> tuple[str, str]:
    """Return a certificate and its private key as PEM texts; made once."""
    command = [
        OPENSSL, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
        "-days", "2", "-subj", "/CN=reality.test", "-keyout", "-", "-out", "-",
    ]  # fmt: skip
    made = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout
    key, end, certificate = made.partition("-----END PRIVATE KEY-----\n")
    return certificate, key + end
