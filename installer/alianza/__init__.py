"""The platform's wire: the only room that knows HTTP, JSON and camelCase.

origin      where the platform is: base URL, proxy, trusted certificates
transport   one connection pool to one origin; classifies what is known of a call without an answer
unpacking   the octets of an answer's body, unpacked in bounded steps
reply       an answer as it came, and the strict JSON decoder
paths       path templates, every value quoted
failures    an error answer in any of the platform's shapes, as one typed failure
retry       whether a call may be made again: pure decisions, and the shared budget
pace        how many calls may be in flight
exchange    one call: paced, observed, repeated as retry decides
auth        the token: signed in once for all calls, anew after 8 idle hours or a 401
bodies      requests and replies as the platform spells them
compare     a frozen body held against the line that came of it
specialty_lines, telephone_numbers, accounts   the operations, a module per resource
client      the resources put together
"""
