"""The web app: pages, components that draw, and the launcher that serves them."""
