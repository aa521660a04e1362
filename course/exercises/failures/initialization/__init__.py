"""Causes in what a task needs beside its images: secrets, parameters, keys, its log stream."""
