"""The chat page: components that draw, and the launcher that serves them."""
