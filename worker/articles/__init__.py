"""Articles: the page behind an entry, its canonical URL and its text."""
