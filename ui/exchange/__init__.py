"""Exchange with the township and with other laptops."""
