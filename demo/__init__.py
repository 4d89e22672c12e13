"""The simulated brand: its business, the exports its platforms would hand out, and the truth beside them.

Nothing here is read by the pipeline; the only bridge is the inbox folder.
"""
