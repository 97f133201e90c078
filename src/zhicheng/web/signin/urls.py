"""Addresses of signing in and of one's account."""

from django.urls import path

from zhicheng.web.signin import account, companies, delegation, identity, officials, residents

urlpatterns = [
    path("signin/", residents.ask_phone, name="signin"),
    path("signin/code/", residents.check_code, name="signin-code"),
    path("signin/official/", officials.ask_password, name="signin-official"),
    path("signin/totp/", officials.ask_totp, name="signin-totp"),
    path("signin/password/", officials.ask_new_password, name="signin-password"),
    path("signout/", account.sign_out, name="signout"),
    path("account/", account.profile, name="account"),
    path("account/name/", account.set_name, name="account-name"),
    path("account/acting/", companies.act_for, name="account-acting"),
    path("account/companies/", companies.companies, name="account-companies"),
    path("account/companies/refresh/", companies.refresh, name="account-companies-refresh"),
    path("account/companies/agents/", companies.agents, name="account-agents"),
    path("account/companies/agents/<uuid:membership_id>/end/", companies.end, name="account-agent-end"),
    path("account/identity/", identity.identity, name="account-identity"),
    path("account/identity/release/", identity.release, name="account-identity-release"),
    path("account/password/", account.password, name="account-password"),
    path("account/signout-everywhere/", account.sign_out_everywhere, name="signout-everywhere"),
    path("account/delegation/", delegation.delegation, name="delegation"),
    path("account/delegation/<uuid:grant_id>/end/", delegation.end, name="delegation-end"),
]
