"""Tmall and Taobao over the Taobao Open Platform (TOP) gateway."""

from shop.channels.adapters.tmall.adapter import tmall_adapter

__all__ = ["tmall_adapter"]
