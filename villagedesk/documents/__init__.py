"""Papers: sheets in, PDF bytes out. Knows sheets only, never records; speaks the Chinese of the paper files."""
