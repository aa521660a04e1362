"""SNS, SQS and Kinesis where moto's differ from AWS's in what a lesson leans on, while a sandbox is open.

Adapters: moto keeps topics, queues and streams, and answers; what it lets pass or
forgets is put right in one module each. What of moto they stand on is in ``tests/contract``.
"""
