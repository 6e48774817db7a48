"""Tests of node.backup."""
