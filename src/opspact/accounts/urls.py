"""Addresses of accounts. Of allauth only what is used: without an address there is no sign-up and no reset by mail."""

from __future__ import annotations

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from django.urls import include, path

from opspact.accounts.views import audit, first_run, own, permissions, user_list, users

sign_in = [
    path("sign-in/", account.login, name="account_login"),
    path("sign-in/code/", mfa.authenticate, name="mfa_authenticate"),
    path("sign-out/", account.logout, name="account_logout"),
    path("account/password/", account.password_change, name="account_change_password"),
    path("account/again/", account.reauthenticate, name="account_reauthenticate"),
    path("account/again/code/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("account/second-factor/", mfa.index, name="mfa_index"),
    path("account/second-factor/set-up/", totp.activate_totp, name="mfa_activate_totp"),
    path("account/second-factor/remove/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("account/second-factor/codes/", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("account/second-factor/codes/new/", codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("account/second-factor/codes/file/", codes.download_recovery_codes, name="mfa_download_recovery_codes"),
]
ours = [
    path("first-run/", first_run.page, name="first_run"),
    path("account/", own.page, name="own"),
    path("account/sessions/end/", own.EndSessions.as_view(), name="end_sessions"),
    path("account/tokens/new/", own.new_token, name="new_token"),
    path("account/tokens/<int:pk>/revoke/", own.RevokeToken.as_view(), name="revoke_token"),
    path("system/users/", user_list.list_page, name="users"),
    path("system/users/new/", users.new, name="new_user"),
    path("system/users/<str:username>/", users.page, name="user"),
    path("system/users/<str:username>/edit/", users.edit, name="edit_user"),
    path("system/users/<str:username>/activate/", users.Activate.as_view(), name="activate"),
    path("system/users/<str:username>/deactivate/", users.Deactivate.as_view(), name="deactivate"),
    path("system/users/<str:username>/unlock/", users.Unlock.as_view(), name="unlock"),
    path("system/users/<str:username>/password/", users.ResetPassword.as_view(), name="reset_password"),
    path("system/users/<str:username>/second-factor/", users.ResetSecondFactor.as_view(), name="reset_second_factor"),
    path("system/users/<str:username>/grants/new/", users.new_grant, name="new_grant"),
    path("system/users/<str:username>/grants/<int:pk>/revoke/", users.RevokeGrant.as_view(), name="revoke_grant"),
    path("system/permissions/", permissions.page, name="permissions"),
    path("system/permissions/file/", permissions.export, name="permissions_export"),
    path("system/audit/", audit.list_page, name="audit"),
]
urlpatterns = [*sign_in, path("", include((ours, "accounts")))]
