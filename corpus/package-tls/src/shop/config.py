class Development:
    DEBUG = True


class Production:
    DEBUG = False
