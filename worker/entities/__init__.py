"""Entities: the written forms of a watched name, and where a text mentions it."""
