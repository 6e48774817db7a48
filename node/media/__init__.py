"""Pictures: looked at, decoded apart, stripped, stored under random names; and drawn where there is none."""
