"""CloudWatch's alarms: when they change their state, in which words, and what they call then."""
