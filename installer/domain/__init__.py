"""What things are: values that prove they were parsed. Standard library only, no I/O, no clock."""
