"""Imported once by the fork server of ``together``: a process with Django set up and no connection open."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

# What the tests import, so that a forked process need not.
import pytest  # noqa: E402, F401

import tests.concurrency.together  # noqa: E402
import tests.factories  # noqa: E402, F401
