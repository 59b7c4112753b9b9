"""The village's own pages."""
