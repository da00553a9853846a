"""Pages about people and what they may do."""

from django.urls import path

from openpeel.web.accounts import views

app_name = "accounts"
urlpatterns = [
    path("", views.own, name="own"),
    path("sign-in", views.sign_in, name="sign-in"),
    path("sign-out", views.sign_out, name="sign-out"),
    path("second-factor", views.second_factor, name="second-factor"),
    path("permissions", views.permissions, name="permissions"),
]
