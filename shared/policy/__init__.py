"""The policy gate: what is deployed is rendered, judged by Checkov and by rules of our own, and reported."""
