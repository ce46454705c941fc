"""What a join costs: `python -m benchmarks.bridge [--seconds 30] [--legs 8]`."""

import argparse

from benchmarks.bridge.joins import RHYTHMS, measure


def main() -> None:
    """Print a line for each rhythm."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.bridge", description=__doc__)
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--legs", type=int, default=8, help="joined at the same time")
    options = parser.parse_args()
    print(f"{options.legs} legs joined from process to process, {options.seconds:g} s each")
    for rhythm in RHYTHMS:
        print(measure(rhythm, options.legs, options.seconds))


if __name__ == "__main__":
    main()
