from django.urls import path

from maplebridge.setup import accounts, holidays, pages, views

app_name = "setup"
urlpatterns = [
    path("", pages.overview, name="overview"),
    path("duties", pages.duties, name="duties"),
    path("categories", pages.categories, name="categories"),
    path("calendar", pages.calendar, name="calendar"),
    path("calendar/notice", holidays.notice, name="notice"),
    path("replies", pages.replies, name="replies"),
    path("posts", pages.posts, name="posts"),
    path("absences", pages.absences, name="absences"),
    path("roster", pages.roster, name="roster"),
    path("roster/copy", views.copy_roster, name="copy_roster"),
    path("history", pages.history, name="history"),
    path("who-gets", pages.who_gets, name="who_gets"),
    path("accounts", accounts.accounts, name="accounts"),
    path("accounts/new", accounts.new_account, name="new_account"),
    path("accounts/<int:pk>", accounts.account, name="account"),
    path("accounts/<int:pk>/<slug:act>", accounts.account_act, name="account_act"),
    path("password", accounts.own_password, name="password"),
    path("planned/<int:pk>/withdraw", views.withdraw_planned, name="withdraw_planned"),
    path("<slug:name>/new", views.new_row, name="new"),
    path("<slug:name>/<int:pk>", views.row, name="row"),
    path("<slug:name>/<int:pk>/change", views.change_row, name="change"),
    path("<slug:name>/<int:pk>/withdraw", views.withdraw, name="withdraw"),
]
