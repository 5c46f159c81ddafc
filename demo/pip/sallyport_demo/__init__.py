"""Harmless demonstration of Sallyport; see setup.py."""
