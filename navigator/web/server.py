"""The server of the app: Streamlit's own, which asks nobody for the address of this machine.

``python -m navigator.web.server run app.py`` is ``streamlit run app.py``. Where a page of another site
tries to open the app, Streamlit first fetches this machine's address from a site on the internet, to see
whether the page came from there (``is_url_from_allowed_origins``). A request must not leave for that; those
that may come from elsewhere are told to the server by its options.
"""

from __future__ import annotations

from streamlit import net_util
from streamlit.web import cli


def _unknown() -> None:
    return None


if __name__ == "__main__":
    net_util.get_external_ip = net_util.get_internal_ip = _unknown
    cli.main(prog_name="streamlit")
