"""The chat page for ``streamlit run``; ``navigator chat`` starts it with everything set up."""

from navigator.web.page import show_page

show_page()
