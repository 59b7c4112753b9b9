"""How large anything in a send file may be. Writer and reader hold to the same figures: nothing unreadable is made."""

MIB = 1 << 20

LINE = 8 * MIB
"""One revision line, without its line end."""

LINES = 2_000_000

ATTACHMENT = 64 * MIB
ATTACHMENTS = 20_000

DOCUMENT = 4 * MIB
"""One small document inside: totals, receipt, a policy pack."""

DOCUMENTS = 32

UNPACKED = 1024 * MIB
"""Everything inside, unpacked."""

PAYLOAD = UNPACKED + 32 * MIB
"""The encrypted payload: photographs do not compress, and age adds a little."""

WINDOW = 8 * MIB
"""How far back zstd may reach, which is the memory it takes."""
