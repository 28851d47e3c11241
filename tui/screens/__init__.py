"""The steps of the visit, in their order, and what opens over them."""

from tui.screens.account import Account
from tui.screens.credentials import Credentials
from tui.screens.done import Done
from tui.screens.gateways import Gateways
from tui.screens.labels import Labels
from tui.screens.ports import Ports
from tui.screens.provision import Provision
from tui.screens.registration import Registrations
from tui.screens.review import Review
from tui.screens.sheet import Sheet
from tui.screens.signin import SignIn
from tui.screens.visits import Visits

STEPS = (
    SignIn, Visits, Account, Gateways, Ports, Credentials, Review, Provision, Sheet, Registrations, Labels,
    Done,
)  # fmt: skip
