"""Alerts: who is told, what they read, and how it reaches them exactly as often as it should."""
