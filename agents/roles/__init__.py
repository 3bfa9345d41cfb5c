"""The software agents' heads: pure functions from a Brief to an Outcome. No model, no language
model, no mail; what they may propose stands in agents.data."""
