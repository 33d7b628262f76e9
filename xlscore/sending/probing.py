"""What is known of the way before anything is queued: whether there is one, how much it takes."""

from __future__ import annotations

from xlscore.sending import carriers
from xlscore.sending.smtp import Session
from xlscore.sending.trouble import no_login
from xlscore.workspace import Workspace


def server_limit(workspace: Workspace) -> int:
    """Return the greatest size that the server takes; 0: it names none, or there is no server.

    Raises:
        ServerError: it cannot be asked.
    """
    server = workspace.campaign.settings.mail.server
    if server is None:
        return 0
    with Session(server, workspace.root) as session:
        return session.limit()


def greet(workspace: Workspace, patience: float) -> int:
    """Go as far as a letter would, short of logging in: a wrong password, tried often, locks accounts.

    Args:
        patience: seconds the server may be silent at each step.

    Returns:
        The greatest size that the server takes; 0: it names none, or there is no server.

    Raises:
        ServerError: it cannot be reached, is not trusted, or offers no way to log in where one is needed.
    """
    server = workspace.campaign.settings.mail.server
    if server is None:
        return 0
    with Session(server, workspace.root, patience=patience) as session:
        if server.user and not session.offers_login():
            raise no_login()
        return session.limit()


def is_sent_for_real(workspace: Workspace) -> bool:
    """Whether letters leave this computer by themselves: through a server, or another maker's carrier."""
    by_server = workspace.campaign.settings.mail.server is not None
    return by_server or carriers.offered(workspace.plugins)
