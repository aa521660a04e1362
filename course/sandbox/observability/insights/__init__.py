"""CloudWatch Logs Insights: the part of its query language that lessons use, and a refusal of the rest."""
