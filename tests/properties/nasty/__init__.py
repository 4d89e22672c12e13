"""Histories that shops have really had, each the shortest that shows its trouble.

Belongs here: a name that says what happens, and the files. Does not: what must come of it: always what a rebuild gives.
"""
