"""How pages look: GOV.UK Frontend, templates, errors."""
