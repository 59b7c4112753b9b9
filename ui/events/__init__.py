"""What happens to households: entering an event, the year of the village."""
