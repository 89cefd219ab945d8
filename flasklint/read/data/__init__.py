"""Tables generated from the real programs by the scripts in `tools/`."""
