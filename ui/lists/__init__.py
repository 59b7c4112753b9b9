"""Lists of records: filters, order, columns, kept views, saved as a table."""
