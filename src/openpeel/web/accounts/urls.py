"""Pages about people and what they may do."""

from django.urls import path

from openpeel.web.accounts import people_views, views

app_name = "accounts"
urlpatterns = [
    path("", views.own, name="own"),
    path("sign-in", views.sign_in, name="sign-in"),
    path("sign-out", views.sign_out, name="sign-out"),
    path("second-factor", views.second_factor, name="second-factor"),
    path("second-factor/set-up", views.set_up_second_factor, name="set-up-second-factor"),
    path("second-factor/remove", views.remove_second_factor, name="remove-own-second-factor"),
    path("password", views.change_password, name="change-password"),
    path("password/forgotten", views.forgotten_password, name="forgotten-password"),
    path("password/choose/<uidb64>/<token>", views.choose_password, name="choose-password"),
    path("permissions", views.permissions, name="permissions"),
    path("people", people_views.people, name="people"),
    path("people/add", people_views.add, name="add-person"),
    path("people/<uuid:key>", people_views.person, name="person"),
    path("people/<uuid:key>/roles", people_views.change_roles, name="change-roles"),
    path("people/<uuid:key>/deactivate", people_views.deactivate, name="deactivate"),
    path("people/<uuid:key>/reactivate", people_views.reactivate, name="reactivate"),
    path("people/<uuid:key>/unlock", people_views.unlock, name="unlock"),
    path("people/<uuid:key>/second-factor", people_views.remove_second_factor, name="remove-second-factor"),
    path("people/<uuid:key>/link", people_views.send_link, name="send-link"),
]
