"""Flashcards: what a learner wrote for themselves, kept and asked again."""
