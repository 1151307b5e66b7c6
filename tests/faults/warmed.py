"""Imported once by the fork server, so that a worker process need not import what it works with."""

# ruff: noqa: F401
import tests.concurrency.warmed  # isort: skip  (Django first)

import celery.apps.worker
import celery.worker.consumer
import stripe.checkout

import config.celery
import config.urls
import shop.tasks
