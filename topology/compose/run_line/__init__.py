"""Pasted `docker run …` lines → a Compose file. `lines.read_run_lines` is the entrance; the table of flags is in `flags`."""
