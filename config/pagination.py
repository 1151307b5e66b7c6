"""Cursor pages: stable order, opaque cursor, bounded size."""

from rest_framework.pagination import CursorPagination


class CreatedCursorPagination(CursorPagination):
    """Newest first by id; ``limit`` up to 200, default 50."""

    ordering = "-id"
    page_size = 50
    page_size_query_param = "limit"
    max_page_size = 200
