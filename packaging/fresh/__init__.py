"""Make a fresh machine ready: Python libraries, the shared libraries of Qt, and the checks of the house.

Only the standard library is at hand here, and nothing of the program may be imported.
"""
