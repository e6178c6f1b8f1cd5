"""The ways to tell: e-mail, Slack, a signed webhook. Each sends one message, or says why not."""
