"""``python -m ui [DESK]`` opens the window."""

import sys

from ui.app import main

sys.exit(main())
