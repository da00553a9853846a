"""What tests of the command line share."""

from audit_folder import folder, ready

__all__ = ["folder", "ready"]
