"""Every error shown to be one: a deployment that fails as flasklint says, and its repaired twin that serves.

    python -m tests.proofs            try all and print a table; --write puts it into docs/proofs.md
    python -m tests.proofs WORD ...   those whose name holds one of the words, with all that was seen

`<rule>.txt` and `<rule>/<variant>.txt` in this folder are the proofs, `format.py` says how one is written,
`base/` is the deployment that each of them changes.
"""
