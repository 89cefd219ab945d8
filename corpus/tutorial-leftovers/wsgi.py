from myproject import app
