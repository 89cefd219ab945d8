"""Kept for `flask run` on a laptop."""

from shop import create_app

app = create_app()
