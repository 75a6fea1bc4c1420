"""The app for ``streamlit run``; ``navigator chat`` starts it with everything set up."""

from navigator.web.shell import show_app

show_app()
