"""`python -m demo --home DIR`: writes the simulated brand's inbox and its truth under a directory."""

import argparse
from datetime import date
from pathlib import Path

from demo import exports, truth
from demo.brand import LAST_DAY, SEED, simulate


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m demo", description=__doc__)
    parser.add_argument("--home", type=Path, required=True, help="the directory that gets inbox/ and truth/")
    parser.add_argument("--scale", type=float, default=1.0, help="1 is about 3,000 customers")
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--last-day", type=date.fromisoformat, default=LAST_DAY)
    chosen = parser.parse_args()
    brand = simulate(chosen.seed, chosen.scale, chosen.days, chosen.last_day)
    count = exports.write(brand, chosen.home / "inbox")
    truth.write(brand, chosen.home / "truth")
    print(f"{count} files in {chosen.home / 'inbox'}, the truth in {chosen.home / 'truth'}")


if __name__ == "__main__":
    main()
