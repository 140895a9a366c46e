"""Operations that a killed run left half done: finding out how far they came, and putting that into the state.

The engine writes into the checkpoint what it is about to do (`pending_operations`). Where it is killed before it hears
how that ended, a later update goes on as if nothing had been done: what was created in the meantime is created twice,
or is in the way. So each of them is resolved before anything else is done to the stack, and none is dropped unseen.
"""
