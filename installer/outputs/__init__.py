"""What the visit leaves behind: labels, the report, the handover. Never a secret in any of it."""
