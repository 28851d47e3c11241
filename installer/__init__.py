"""The engine and its headless command. Imports run one way, from the top of this map to its foot.

__main__       the command: no verb starts the screen, a verb the command line
cli            verbs; alone owns stdout, stderr and exit codes
session        the façade both front ends hold; puts the rooms together

provisioning   carrying it out: observe, apply, reconcile, audit, undo, watch
diagnostics    probes and rules, to one primary cause
outputs        labels, wiring, report
rehearsal      the embedded platform: API, registrar, virtual gateways, faults

alianza        the platform's wire: the only place that knows HTTP and camelCase
journal        what was intended, done and seen; the vault
sheets         the line sheet, in and out
profiles, oui  what differs between platforms, gateways, stocks; whose MAC this is
responder      the small companion that answers STUN, echo, media

planning       what has to be done: snapshot, steps, outcome, preflight, planner, drift   pure
sip            SIP and STUN without I/O                                                   pure
files          files that are whole or not there
domain         what things are                                                            pure
text, errors   the one sanitiser and redactor; the exception tree                         pure
clock          the clock, as the argument it is passed as                                 pure
"""

__distribution__ = "punchdown"
__version__ = "0.1.0"
