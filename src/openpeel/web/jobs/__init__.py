"""Background jobs: the queue is the database."""
