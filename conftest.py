"""The surroundings every test and every notebook under test starts in.

It stands at the top so that pytest reads it whichever file it is asked to run:
``notebooks/`` is run by nbval, whose kernels inherit this environment.
"""

import atexit
import os
import tempfile

from course.bootstrap import importing_course

_fresh = tempfile.TemporaryDirectory(prefix="course-tests-")
atexit.register(_fresh.cleanup)

os.environ.update(importing_course(dict(os.environ)))
os.environ["COURSE_DATA_DIR"] = _fresh.name

for name in [name for name in os.environ if name.startswith("AWS_")]:
    del os.environ[name]
