"""Reads of the sync room."""
