"""Stories: whether an article is new, an update, a reprint or coverage, and which sentences are new."""
