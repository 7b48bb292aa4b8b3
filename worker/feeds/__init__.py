"""Feeds: what to poll, when to poll it, and what its entries say."""
