"""Settings of all tests."""

import os
import signal

from hypothesis import settings

# Seeds are fixed: a test that passes here passes in CI.
settings.register_profile("fixed", derandomize=True, deadline=None, max_examples=100)
settings.load_profile("fixed")

# What commands under test report is not for the summary of the job that runs the tests.
os.environ.pop("GITHUB_STEP_SUMMARY", None)

# A job in the background of a shell starts with Ctrl-C ignored, and so would every process that a test starts.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
