"""Pictures drawn from state: a boto3 session or a timeline in, a picture with its text twin out.

What is seen (``reading``), what that means (``architecture``, ``task_life``,
``timeline``) and how it looks (``drawing``, ``svg``, ``picture.css``) are apart.
"""
