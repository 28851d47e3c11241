"""Where the screen starts."""

import sys

NOT_YET = """\
The screen comes with the next release. Its work can be done without it:

  punchdown rehearse --visit        a whole visit on the rehearsal platform
  punchdown plan SHEET              what would be done, without doing it
  punchdown apply SHEET             turn up the gateways of a sheet
  punchdown resume                  go on where a run stopped
  punchdown status | watch          what stands, and who is registered
  punchdown sheet | labels | report what the visit leaves behind
  punchdown --help                  every verb
"""


def main() -> int:
    """Exit code 2, after saying that the screen is not part of this release."""
    sys.stderr.write(NOT_YET)
    return 2
