"""A project in a notebook: a copy that goes, with every process started from it."""

import pytest

from course.sample_app.project import Project


@pytest.mark.slow  # a real process
def test_closing_ends_its_processes_and_removes_the_copy() -> None:
    with Project("broken") as project:
        assert "web: python build.py" in repr(project)
        process = project.start("web")
        assert (project.folder / "app.py").exists()
    assert process.exit_code is not None
    assert not project.folder.exists()
    project.close()


def test_an_unknown_name_is_told_those_there_are() -> None:
    with pytest.raises(LookupError, match="no project 'honst'; there are: broken, honest"):
        Project("honst")
