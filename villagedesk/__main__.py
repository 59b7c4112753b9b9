"""``python -m villagedesk``."""

from __future__ import annotations

import sys

from villagedesk.cli import main

sys.exit(main())
