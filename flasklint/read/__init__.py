"""Readers: each turns one kind of file, or one command line, into facts with places."""
