"""The money of the village."""
