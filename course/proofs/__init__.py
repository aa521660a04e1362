"""Proofs: snippets of plain boto3 that derive an exam item's right option from what the API answers."""
