"""The projects of the village."""
