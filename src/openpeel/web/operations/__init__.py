"""Running the service: health, metrics, backups."""
