from catalog.factory import make_app

app = make_app()
