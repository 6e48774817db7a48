"""The measurements: figures beside their physical limit, taken in one run. Nothing here is asserted."""
