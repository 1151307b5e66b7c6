"""The demo's chaos page: the simulators' faults, and the shop's health beside them."""
