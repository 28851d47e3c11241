"""The screen: a Textual app that talks to a session of the engine and to nothing else of it."""
