from flask import Flask

app = Flask(__name__)


@app.get("/")
def index():
    return "the shop is open\n"


@app.get("/deeper/route")
def deeper():
    return "the shelves are full\n"
