"""``python3 -m gowatchd`` runs the daemon."""

import sys

from gowatchd.daemon import main

if __name__ == "__main__":
    sys.exit(main())
