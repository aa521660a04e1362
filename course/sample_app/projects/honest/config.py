"""What differs from one deployment to the next: it comes from the environment, and only from there."""

import os

PORT = int(os.environ["PORT"])
DATABASE_URL = os.environ["DATABASE_URL"]
KITCHEN = os.environ["KITCHEN"]
