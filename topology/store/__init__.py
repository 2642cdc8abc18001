"""Rows turned into core values and into the shapes that cross to the browser. One noun a file; nothing is decided here."""
