"""Figures over the corpus of real Compose files: `.venv/bin/python -m tests.bench.corpus [PART…]`. A part is a file here with a
`table() -> str`; without names all of them are printed."""
