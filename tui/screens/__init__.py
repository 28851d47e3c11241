"""The steps of the visit, in their order, and what opens over them."""

from tui.screens.provision import Provision
from tui.screens.review import Review
from tui.screens.signin import SignIn
from tui.screens.visits import Visits

STEPS = (SignIn, Visits, Review, Provision)
