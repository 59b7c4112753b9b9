"""Democratic evaluation: the meetings of the village."""
