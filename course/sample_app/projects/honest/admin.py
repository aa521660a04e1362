"""Admin work, run once in a process of its own, from the same code: ``python admin.py migrate``."""

import sys

import storage

if sys.argv[1:] != ["migrate"]:
    sys.exit("usage: python admin.py migrate")
storage.create_table()
print("migrated")
