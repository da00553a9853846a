"""Whether a release may make a move now. Who may make it is said by `states.py` and the permissions."""

from __future__ import annotations

from openpeel.web.look.jinja import moment
from openpeel.web.releases.models import Release
from openpeel.web.releases.states import FROZEN, PUBLISHED, RELEASE, SHARED


def no_figures_because(release: Release) -> str:
    """Why a release has no figures yet, as a sentence; '' where it has."""
    if release.figures_at is not None:
        return ""
    if release.figures_failed:
        return f"Its figures could not be worked out: {release.figures_failed}"
    return "Its figures are being worked out."


def cannot_because(release: Release, move: str) -> str:
    """Why a release cannot make the move of that name now, as a sentence; '' where it can."""
    if RELEASE.move(release.state, move) is None:
        return _made_already(release)
    if move in ("share", "publish"):
        return no_figures_because(release)
    return ""


def _made_already(release: Release) -> str:
    if release.state == PUBLISHED and release.published_by and release.published_at:
        return f"{release.published_by.name} published it on {moment(release.published_at)}."
    if release.state == SHARED and release.shared_by and release.shared_at:
        return f"{release.shared_by.name} shared it with forces on {moment(release.shared_at)}."
    return "It is shared with forces first." if release.state == FROZEN else "It is not in that state."
