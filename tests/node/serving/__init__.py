"""Tests of node/serving."""
