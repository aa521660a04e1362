"""LIVE: a lesson's cells against a real AWS account, between guard rails. EXPERIMENTAL.

Nobody has run it with an account yet; what it does is shown against emulated ones.
It knows nothing of the sandbox, and the sandbox nothing of it.
"""
