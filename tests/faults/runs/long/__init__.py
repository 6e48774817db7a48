"""Faults that take minutes, need a file system or a debugger of their own, or wear the machine: `make faults` only."""
