"""How long the simulated brand takes to reach a size: `python -m benchmarks.simulated_brand [--scale 800]`.

Prints one line: order lines, seconds, peak memory. Scale 800 is ten million order lines. The whole truth is simulated,
no file is written.
"""

import argparse
import resource
import time

from demo.brand import simulate


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=float, default=800.0)
    scale = parser.parse_args().scale
    start = time.perf_counter()
    brand = simulate(scale=scale)
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    lines = len(brand.lines["order_line_id"])
    print(f"scale {scale:g}: {lines:,} order lines in {seconds:.1f} s, {peak:.1f} GiB at most")


if __name__ == "__main__":
    main()
