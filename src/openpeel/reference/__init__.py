"""What is true of the world whatever a force sends: forces, periods, populations, code lists. No records."""
