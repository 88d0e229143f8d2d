from django.urls import path

from maplebridge.field import views, views_board

app_name = "field"
urlpatterns = [
    path("field/", views.choose, name="choose"),
    path("field/zh/", views.shell, {"language": "zh"}, name="zh"),
    path("field/en/", views.shell, {"language": "en"}, name="en"),
    path("field/sw.js", views.worker, name="worker"),
    path("field/enrol", views.enrol, name="enrol"),
    path("desk/devices", views_board.board, name="board"),
    path("desk/devices.xlsx", views_board.book, {"name": "board"}, name="board_book"),
    path(
        "desk/devices/returned.xlsx", views_board.book, {"name": "returned"}, name="returned_book"
    ),
    path("desk/devices/files.xlsx", views_board.book, {"name": "files"}, name="files_book"),
    path("desk/devices/files", views_board.files, name="files"),
    path("desk/devices/returned", views_board.returned, name="returned"),
    path("desk/devices/returned/<int:receipt>", views_board.record, name="record"),
    path("desk/devices/returned/<int:receipt>/apply", views_board.apply_again, name="apply_again"),
    path("desk/devices/<uuid:device_id>/revoke", views_board.revoke, name="revoke"),
]
