"""wirewatch: reads the news for a desk and tells it only when something new happened.

The rooms an item walks through, in order: ``feeds`` → ``articles`` → ``entities`` → ``stories`` → ``alerts``.
The steps that carry it from one room to the next are in the package ``tasks``.
"""
