"""Carrying a plan out: observe, apply, reconcile, audit, undo, watch (protocol R1 to R13)."""
