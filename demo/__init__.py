"""A small news site on loopback, played fast, to see wirewatch at work without the internet."""
