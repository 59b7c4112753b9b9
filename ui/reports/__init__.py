"""Reports and requests for figures."""
