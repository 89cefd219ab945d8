"""A language server: the findings of the whole deployment while its files are being edited.

It needs pygls, which the extra `lsp` installs. `flasklint.lsp.server.serve` starts it.
"""
