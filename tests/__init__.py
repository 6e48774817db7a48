"""Tests of the node; the folders mirror the code."""
