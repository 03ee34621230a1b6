"""The page that creates the three administrators; it exists as long as there is nobody."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from opspact.accounts import first_run
from opspact.accounts.forms.first_run import FirstRunForm
from opspact.accounts.trail import Result, record
from opspact.kit.actions import Caller, client_address


@never_cache
@sensitive_post_parameters()
def page(request: HttpRequest) -> HttpResponse:
    if not first_run.needed():
        raise Http404
    first_run.code(settings.DATA)
    form = FirstRunForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _create(request, form):
        messages.success(request, _("The three administrators exist. Sign in as one of them."))
        return redirect(settings.LOGIN_URL)
    return render(request, "accounts/first_run.html", {"form": form})


page.public = True  # asks for the code from the terminal


def _create(request: HttpRequest, form: FirstRunForm) -> bool:
    now = timezone.now()
    if not first_run.is_code(form.cleaned_data["code"], settings.DATA):
        record("accounts.first_run.complete", now=now, result=Result.DENIED, request=request, name="first-run")
        form.add_error("code", _("This is not the code."))
        return False
    caller = Caller(None, now, "page", client_address(request))
    try:
        first_run.complete(caller, form.administrators(), settings.DATA)
    except first_run.TooLate:
        raise Http404 from None
    except ValidationError as error:
        form.add_error(None, ValidationError(error.messages))
        return False
    return True
