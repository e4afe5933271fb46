"""What runs inside a sandbox: the agent in a student's kernel, the reader of models, and their wire."""
