"""The guard before a run on real clouds: is somebody logged in, and to the subscription and account of the file?"""

from shared.login.check import check_logins
from shared.login.errors import LoginMissingError, WrongLoginError

__all__ = ["LoginMissingError", "WrongLoginError", "check_logins"]
