"""Procedures of the policy pack in the window: the form of a step, the courses that have no page of their own."""
