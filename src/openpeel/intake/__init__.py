"""From files to records: read, recognise, check, and account for every row."""
