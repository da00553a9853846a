"""People, organisations, roles and permissions."""
