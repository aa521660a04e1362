"""Why ECS tasks fail, as recipes: a cause, the words that follow from it, and what heals it.

A recipe is a module of plain boto3 that imports nothing of the course's, so that
it works in any account. It acts on an *app* (``app.py``) that is well before it
begins: *cause* changes a resource, the failure follows from that, and *repair*
changes it back or mends it.
"""
