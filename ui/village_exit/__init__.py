"""The exit of the village by the indicators of its policy."""
