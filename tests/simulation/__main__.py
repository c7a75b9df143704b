"""Live through one simulated week again, with its story: ``python -m tests.simulation SEED``."""

import argparse
import sys

from tests.simulation import mutants, witness, world


def main() -> int:
    """0 when every invariant held."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("seed", type=int)
    parser.add_argument("--planted", choices=mutants.PLANTED, help="with a bug that was planted")
    options = parser.parse_args()
    ways = mutants.PLANTED[options.planted] if options.planted else world.OURS
    try:
        tally = world.World(options.seed, ways, told=print).run()
    except witness.Violation as violation:
        print(f"\nseed {options.seed}: {violation}")
        return 1
    print(f"\nseed {options.seed}: {tally}")
    return 0


sys.exit(main())
