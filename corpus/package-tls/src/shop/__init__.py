from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix


def create_app(config: str = "development") -> Flask:
    app = Flask(__name__, static_url_path="/assets")
    app.config.from_object(f"shop.config.{config.title()}")
    app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1, x_host=1)
    return app
